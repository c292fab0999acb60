import ArgumentParser
import CabinetAPI
import CabinetModel
import CabinetTexts

/// `ecabinet poll open`.
struct PollOpenCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "open",
        abstract: "Opens a poll: freezes motion, rule, roll and chair, and takes ballots."
    )

    @Argument(help: "The poll.")
    var poll: String

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp(
            "After which time it closes by itself, as 90s or 5m; left out, it is closed by hand.",
            valueName: "time"
        )
    )
    var time: WaitingTime?

    @OptionGroup var meeting: MeetingOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func validate() throws {
        guard let time, time.duration < .seconds(1) else { return }
        throw ValidationError("--for is a time from a second to a day.")
    }

    func run(on console: Console) async throws {
        let id = try PollID(typed: poll, .poll)
        try await connection.withSession(console) { session in
            let desk = try await session.desk(meeting.meeting)
            _ = try await desk.voting.openPoll(
                OpenPollRequest(
                    meetingID: desk.id.text,
                    pollID: id.text,
                    durationMs: time?.milliseconds ?? 0
                )
            )
            let summary = try await desk.poll(id)
            try await console.show(PollReport(summary: summary, roll: desk.roll(of: summary.poll)))
        }
    }
}

extension WaitingTime {
    /// At most those of a day.
    fileprivate var milliseconds: UInt32 {
        let (seconds, attoseconds) = duration.components
        return UInt32(clamping: seconds * 1_000 + attoseconds / 1_000_000_000_000_000)
    }
}

/// `ecabinet poll hold`.
struct PollHoldCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold",
        abstract: "Holds an open poll: it takes no ballots, and its timer stands still."
    )

    @Argument(help: "The poll.")
    var poll: String

    @OptionGroup var meeting: MeetingOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        let id = try PollID(typed: poll, .poll)
        try await connection.withSession(console) { session in
            let desk = try await session.desk(meeting.meeting)
            let response = try await desk.voting.holdPoll(
                HoldPollRequest(meetingID: desk.id.text, pollID: id.text)
            )
            try console.show(
                Done(
                    "hold",
                    id.text,
                    in: desk.id.text,
                    response.commit,
                    Phrase("\(id) is on hold", vi: "\(id): tạm dừng biểu quyết")
                )
            )
        }
    }
}

/// `ecabinet poll resume`.
struct PollResumeCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Opens a held poll again, with the time that its timer had left."
    )

    @Argument(help: "The poll.")
    var poll: String

    @OptionGroup var meeting: MeetingOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        let id = try PollID(typed: poll, .poll)
        try await connection.withSession(console) { session in
            let desk = try await session.desk(meeting.meeting)
            let response = try await desk.voting.resumePoll(
                ResumePollRequest(meetingID: desk.id.text, pollID: id.text)
            )
            try console.show(
                Done(
                    "resume",
                    id.text,
                    in: desk.id.text,
                    response.commit,
                    Phrase("\(id) is open again", vi: "\(id): tiếp tục biểu quyết")
                )
            )
        }
    }
}

/// `ecabinet poll close`.
struct PollCloseCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "close",
        abstract: "Closes a poll, and prints its verdict and what it follows from.",
        discussion: """
            Where only the chair's choice can decide a tie the poll waits for it: the chair makes it with \
            «ecabinet vote POLL yes --tie».
            """
    )

    @Argument(help: "The poll.")
    var poll: String

    @OptionGroup var meeting: MeetingOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        let id = try PollID(typed: poll, .poll)
        try await connection.withSession(console) { session in
            let desk = try await session.desk(meeting.meeting)
            _ = try await desk.voting.closePoll(
                ClosePollRequest(meetingID: desk.id.text, pollID: id.text)
            )
            let summary = try await desk.poll(id)
            try console.show(PollReport(summary: summary))
            if summary.poll.state == .closed, let chair = summary.poll.opening?.chair {
                console.note(
                    Phrase(
                        "a tie: \(chair), in the chair, decides with «ecabinet vote \(id) yes --tie», or no",
                        vi:
                            "số phiếu ngang nhau: chủ tọa \(chair) quyết định bằng «ecabinet vote \(id) yes"
                            + " --tie», hoặc no"
                    )
                )
            }
        }
    }
}

/// `ecabinet poll void`.
struct PollVoidCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "void",
        abstract:
            "Voids a poll that has no verdict. Its ballots stay in the log and count for nothing."
    )

    @Argument(help: "The poll.")
    var poll: String

    @Option(help: ArgumentHelp("Why, for people.", valueName: "text"))
    var reason: String

    @OptionGroup var meeting: MeetingOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        let id = try PollID(typed: poll, .poll)
        try await connection.withSession(console) { session in
            let desk = try await session.desk(meeting.meeting)
            let response = try await desk.voting.voidPoll(
                VoidPollRequest(
                    meetingID: desk.id.text,
                    pollID: id.text,
                    reason: TextArgument.normalized(reason)
                )
            )
            try console.show(
                Done(
                    "void",
                    id.text,
                    in: desk.id.text,
                    response.commit,
                    Phrase("\(id) is void", vi: "đã hủy cuộc biểu quyết \(id)")
                )
            )
        }
    }
}
