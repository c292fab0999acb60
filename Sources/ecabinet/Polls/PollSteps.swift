import ArgumentParser
import CabinetAPI
import CabinetModel
import CabinetTexts

/// Something that is done to a poll, and takes nothing but its name.
protocol PollStep: Sendable {
    static var name: String { get }
    static var abstract: String { get }
    static var discussion: String { get }

    /// - Returns: What is printed, and what a person is told beside it.
    static func take(
        _ poll: PollID,
        at desk: MeetingDesk
    ) async throws -> (report: any Report, note: Phrase?)
}

extension PollStep {
    static var discussion: String { "" }
}

/// The command of a step: `ecabinet poll hold` and others.
struct PollStepCommand<Step: PollStep>: DeskCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: Step.name,
            abstract: Step.abstract,
            discussion: Step.discussion
        )
    }

    @Argument(help: "The poll.")
    var poll: String

    @OptionGroup var meeting: MeetingOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func input() throws -> PollID { try PollID(typed: poll, .poll) }

    func run(at desk: MeetingDesk, _ id: PollID, in session: Session) async throws {
        let (report, note) = try await Step.take(id, at: desk)
        try session.console.show(report)
        if let note { session.console.note(note) }
    }
}

/// The steps of a poll's life that are taken by its name alone.
enum PollSteps {
    enum Hold: PollStep {
        static let name = "hold"
        static let abstract = "Holds an open poll: it takes no ballots, and its timer stands still."

        static func take(
            _ poll: PollID,
            at desk: MeetingDesk
        ) async throws -> (report: any Report, note: Phrase?) {
            let response = try await desk.voting.holdPoll(
                HoldPollRequest(meetingID: desk.id.text, pollID: poll.text)
            )
            let phrase = Phrase("\(poll) is on hold", vi: "\(poll): tạm dừng biểu quyết")
            return (desk.done(name, poll.text, response.commit, phrase), nil)
        }
    }

    enum Resume: PollStep {
        static let name = "resume"
        static let abstract = "Opens a held poll again, with the time that its timer had left."

        static func take(
            _ poll: PollID,
            at desk: MeetingDesk
        ) async throws -> (report: any Report, note: Phrase?) {
            let response = try await desk.voting.resumePoll(
                ResumePollRequest(meetingID: desk.id.text, pollID: poll.text)
            )
            let phrase = Phrase("\(poll) is open again", vi: "\(poll): tiếp tục biểu quyết")
            return (desk.done(name, poll.text, response.commit, phrase), nil)
        }
    }

    enum Close: PollStep {
        static let name = "close"
        static let abstract = "Closes a poll, and prints its verdict and what it follows from."
        static let discussion = """
            Where only the chair's choice can decide a tie the poll waits for it: the chair makes it with \
            «ecabinet vote POLL yes --tie».
            """

        static func take(
            _ poll: PollID,
            at desk: MeetingDesk
        ) async throws -> (report: any Report, note: Phrase?) {
            _ = try await desk.voting.closePoll(
                ClosePollRequest(meetingID: desk.id.text, pollID: poll.text)
            )
            let summary = try await desk.poll(poll)
            return (PollReport(summary: summary), tie(summary.poll))
        }

        /// What the chair has to do where the poll waits for it.
        private static func tie(_ poll: CabinetModel.Poll) -> Phrase? {
            guard poll.state == .closed, let chair = poll.opening?.chair else { return nil }
            let command = "«ecabinet vote \(poll.id) yes --tie»"
            return Phrase(
                "a tie: \(chair), in the chair, decides with \(command), or no",
                vi: "số phiếu ngang nhau: chủ tọa \(chair) quyết định bằng \(command), hoặc no"
            )
        }
    }
}
