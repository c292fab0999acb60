import ArgumentParser
import CabinetAPI
import CabinetModel

/// `ecabinet attend`.
struct AttendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attend",
        abstract: "Records who attends a meeting and from where.",
        discussion: """
            Whoever takes part checks in and out by itself; a secretary does it for others, and records who \
            is excused and who is absent. Whoever votes has to be checked in.
            """,
        subcommands: [
            AttendListCommand.self, AttendCheckInCommand.self, AttendCheckOutCommand.self,
            AttendExcuseCommand.self, AttendAbsentCommand.self,
        ]
    )
}

/// `ecabinet attend list`.
struct AttendListCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists who takes part in a meeting, who is present, and how the quorum stands."
    )

    @Option(help: ArgumentHelp("Only those with a role in the meeting.", valueName: "role"))
    var role: RoleArgument?

    @OptionGroup var meeting: MeetingOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        try await connection.withSession(console) { session in
            let desk = try await session.desk(meeting.meeting)
            let isWhole = role == nil || role?.role == .member
            try await console.show(
                AttendanceReport(
                    attendees: desk.attendees(role?.role ?? .unspecified),
                    rule: isWhole ? desk.summary().record.defaultRule : nil
                )
            )
        }
    }
}

/// Where somebody attends from, on the command line.
enum PlaceArgument: String, CaseIterable, ExpressibleByArgument, Sendable {
    case room
    case remote

    fileprivate var place: CabinetAPI.Place {
        switch self {
        case .room: .room
        case .remote: .remote
        }
    }
}

/// `ecabinet attend check-in`.
struct AttendCheckInCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-in",
        abstract:
            "Records that you attend, or others for whom you do it. Again, it changes the place."
    )

    @Argument(help: "room or remote.")
    var place: PlaceArgument

    @Argument(help: "Who attends; left out, you do.")
    var participants: [String] = []

    @OptionGroup var meeting: MeetingOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        try await connection.withSession(console) { session in
            try await session.record(participants, place.record, in: meeting) { desk, id in
                try await desk.meetings.checkIn(
                    CheckInRequest(
                        meetingID: desk.id.text,
                        principalID: id,
                        place: place.place
                    )
                ).commit
            }
        }
    }
}

/// `ecabinet attend check-out`.
struct AttendCheckOutCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-out",
        abstract: "Records that you have left, or others for whom you do it."
    )

    @Argument(help: "Who has left; left out, you have.")
    var participants: [String] = []

    @OptionGroup var meeting: MeetingOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        try await connection.withSession(console) { session in
            try await session.record(participants, .checkOut, in: meeting) { desk, id in
                try await desk.meetings.checkOut(
                    CheckOutRequest(meetingID: desk.id.text, principalID: id)
                ).commit
            }
        }
    }
}

/// `ecabinet attend excuse`.
struct AttendExcuseCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "excuse",
        abstract: "Records that participants are excused."
    )

    @Argument(help: "Who is excused.")
    var participants: [String]

    @OptionGroup var meeting: MeetingOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        try await connection.withSession(console) { session in
            try await session.record(participants, .excuse, in: meeting) { desk, id in
                try await desk.meetings.recordLeave(
                    RecordLeaveRequest(meetingID: desk.id.text, principalID: id)
                ).commit
            }
        }
    }
}

/// `ecabinet attend absent`.
struct AttendAbsentCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "absent",
        abstract: "Records that participants are absent without leave."
    )

    @Argument(help: "Who is absent.")
    var participants: [String]

    @OptionGroup var meeting: MeetingOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        try await connection.withSession(console) { session in
            try await session.record(participants, .absent, in: meeting) { desk, id in
                try await desk.meetings.recordAbsence(
                    RecordAbsenceRequest(meetingID: desk.id.text, principalID: id)
                ).commit
            }
        }
    }
}

extension PlaceArgument {
    fileprivate var record: AttendanceRecord {
        switch self {
        case .room: .checkInRoom
        case .remote: .checkInRemote
        }
    }
}
