import ArgumentParser
import CabinetAPI
import CabinetMapping
import CabinetModel
import CabinetTexts

/// `ecabinet meeting open`.
struct MeetingOpenCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "open",
        abstract: "Opens a scheduled meeting that has its quorum and a chair."
    )

    @OptionGroup var meeting: MeetingArgument
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        try await connection.withSession(console) { session in
            let desk = try await session.desk(meeting.meeting)
            let response = try await desk.meetings.openMeeting(
                OpenMeetingRequest(meetingID: desk.id.text)
            )
            let quorum = try CabinetModel.QuorumCount(answered(response.quorum))
            try console.show(
                Done(
                    "open",
                    desk.id.text,
                    in: desk.id.text,
                    response.commit,
                    Phrase(
                        "\(desk.id) is in session\n\(quorum.text(in: .english))",
                        vi: "\(desk.id) đã khai mạc\n\(quorum.text(in: .vietnamese))"
                    ),
                    facts: [.init("quorum", quorum.asJSON)]
                )
            )
        }
    }
}

/// `ecabinet meeting recess`.
struct MeetingRecessCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "recess",
        abstract: "Interrupts a meeting. A poll that is open has to be held or closed before."
    )

    @OptionGroup var meeting: MeetingArgument
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        try await connection.withSession(console) { session in
            let desk = try await session.desk(meeting.meeting)
            let response = try await desk.meetings.startRecess(
                StartRecessRequest(meetingID: desk.id.text)
            )
            try console.show(
                Done(
                    "recess",
                    desk.id.text,
                    in: desk.id.text,
                    response.commit,
                    Phrase("\(desk.id) is in recess", vi: "\(desk.id) tạm nghỉ")
                )
            )
        }
    }
}

/// `ecabinet meeting resume`.
struct MeetingResumeCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Ends the recess of a meeting."
    )

    @OptionGroup var meeting: MeetingArgument
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        try await connection.withSession(console) { session in
            let desk = try await session.desk(meeting.meeting)
            let response = try await desk.meetings.resumeMeeting(
                ResumeMeetingRequest(meetingID: desk.id.text)
            )
            try console.show(
                Done(
                    "resume",
                    desk.id.text,
                    in: desk.id.text,
                    response.commit,
                    Phrase("\(desk.id) is in session again", vi: "\(desk.id) họp tiếp")
                )
            )
        }
    }
}

/// `ecabinet meeting adjourn`.
struct MeetingAdjournCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "adjourn",
        abstract: "Ends a meeting for good. Its log takes nothing more."
    )

    @OptionGroup var meeting: MeetingArgument
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        try await connection.withSession(console) { session in
            let desk = try await session.desk(meeting.meeting)
            let response = try await desk.meetings.adjournMeeting(
                AdjournMeetingRequest(meetingID: desk.id.text)
            )
            try console.show(
                Done(
                    "adjourn",
                    desk.id.text,
                    in: desk.id.text,
                    response.commit,
                    Phrase("\(desk.id) is adjourned", vi: "\(desk.id) đã bế mạc")
                )
            )
        }
    }
}
