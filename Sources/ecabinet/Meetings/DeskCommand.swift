import ArgumentParser
import CabinetAPI
import CabinetModel

/// A command about a meeting, or about something in it.
protocol DeskCommand: ConsoleCommand {
    associatedtype Choice: MeetingChoice
    associatedtype Input: Sendable = Void

    var meeting: Choice { get }
    var connection: ConnectionOptions { get }

    /// What was typed, when it has been looked at: before anybody is asked.
    func input() throws -> Input

    /// Does what the command is for.
    func run(at desk: MeetingDesk, _ input: Input, in session: Session) async throws
}

extension DeskCommand {
    func run(on console: Console) async throws {
        let input = try input()
        try await connection.withSession(console) { session in
            try await run(at: session.desk(meeting.meeting), input, in: session)
        }
    }
}

extension DeskCommand where Input == Void {
    func input() {}
}

/// The meeting that the command line names; `nil` where it names none.
protocol MeetingChoice: ParsableArguments, Sendable {
    var meeting: String? { get }
}

extension MeetingOptions: MeetingChoice {}
extension MeetingArgument: MeetingChoice {}

extension MeetingDesk {
    /// That the server has entered something into the meeting's log.
    ///
    /// - Parameter subject: The identifier of what it was done to.
    func done(
        _ action: String,
        _ subject: String,
        _ commit: Commit?,
        _ phrase: Phrase,
        facts: [JSONValue.Member] = []
    ) -> Done {
        Done(
            action,
            subject,
            phrase,
            facts: [
                .init("meeting_id", .string(id.text)), .init("commit", commit?.json ?? .null),
            ] + facts
        )
    }
}

extension Commit {
    fileprivate var json: JSONValue {
        .object([
            .init("first_index", .unsigned(firstIndex)),
            .init("entry_count", .integer(Int64(entryCount))),
            .init("time", Times.here.json(unixMilliseconds: timeUnixMs)),
        ])
    }
}
