import ArgumentParser
import CabinetAPI
import CabinetMapping
import CabinetModel
import CabinetTexts

/// Something that is done to a meeting as a whole, and takes nothing but its name.
protocol MeetingStep: Sendable {
    static var name: String { get }
    static var abstract: String { get }

    static func take(at desk: MeetingDesk) async throws -> Done
}

/// The command of a step: `ecabinet meeting open` and others.
struct MeetingStepCommand<Step: MeetingStep>: DeskCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: Step.name, abstract: Step.abstract)
    }

    @OptionGroup var meeting: MeetingArgument
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(at desk: MeetingDesk, _ input: Void, in session: Session) async throws {
        try await session.console.show(Step.take(at: desk))
    }
}

/// The steps of a meeting's life.
enum MeetingSteps {
    enum Open: MeetingStep {
        static let name = "open"
        static let abstract = "Opens a scheduled meeting that has its quorum and a chair."

        static func take(at desk: MeetingDesk) async throws -> Done {
            let response = try await desk.meetings.openMeeting(
                OpenMeetingRequest(meetingID: desk.id.text)
            )
            let quorum = try CabinetModel.QuorumCount(answered(response.quorum))
            return desk.done(
                name,
                desk.id.text,
                response.commit,
                Phrase(
                    "\(desk.id) is in session\n\(quorum.text(in: .english))",
                    vi: "\(desk.id) đã khai mạc\n\(quorum.text(in: .vietnamese))"
                ),
                facts: [.init("quorum", quorum.asJSON)]
            )
        }
    }

    enum Recess: MeetingStep {
        static let name = "recess"
        static let abstract =
            "Interrupts a meeting. A poll that is open has to be held or closed before."

        static func take(at desk: MeetingDesk) async throws -> Done {
            let response = try await desk.meetings.startRecess(
                StartRecessRequest(meetingID: desk.id.text)
            )
            return desk.done(
                name,
                desk.id.text,
                response.commit,
                Phrase("\(desk.id) is in recess", vi: "\(desk.id) tạm nghỉ")
            )
        }
    }

    enum Resume: MeetingStep {
        static let name = "resume"
        static let abstract = "Ends the recess of a meeting."

        static func take(at desk: MeetingDesk) async throws -> Done {
            let response = try await desk.meetings.resumeMeeting(
                ResumeMeetingRequest(meetingID: desk.id.text)
            )
            return desk.done(
                name,
                desk.id.text,
                response.commit,
                Phrase("\(desk.id) is in session again", vi: "\(desk.id) họp tiếp")
            )
        }
    }

    enum Adjourn: MeetingStep {
        static let name = "adjourn"
        static let abstract = "Ends a meeting for good. Its log takes nothing more."

        static func take(at desk: MeetingDesk) async throws -> Done {
            let response = try await desk.meetings.adjournMeeting(
                AdjournMeetingRequest(meetingID: desk.id.text)
            )
            return desk.done(
                name,
                desk.id.text,
                response.commit,
                Phrase("\(desk.id) is adjourned", vi: "\(desk.id) đã bế mạc")
            )
        }
    }
}
