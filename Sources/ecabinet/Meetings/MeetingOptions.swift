import ArgumentParser
import CabinetAPI
import CabinetModel
import Foundation

/// Which meeting a command is about that deals with something in it.
struct MeetingOptions: ParsableArguments, Sendable {
    @Option(
        help: ArgumentHelp(
            "The meeting. Otherwise ECABINET_MEETING, or the only one of yours in session, or else the "
                + "only one that is scheduled.",
            valueName: "meeting"
        )
    )
    var meeting: String?
}

/// Which meeting a command is about that deals with the meeting as a whole.
struct MeetingArgument: ParsableArguments, Sendable {
    @Argument(
        help: """
            The meeting. Otherwise ECABINET_MEETING, or the only one of yours in session, or else the only \
            one that is scheduled.
            """
    )
    var meeting: String?
}

/// The meeting that was named on the command line or in the environment.
enum NamedMeeting {
    /// - Returns: `nil` where none was.
    /// - Throws: ``Failure`` where it is no identifier.
    static func id(
        _ argument: String?,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(Failure) -> MeetingID? {
        let text = argument ?? environment["ECABINET_MEETING"].flatMap { $0.isEmpty ? nil : $0 }
        guard let text else { return nil }
        return try MeetingID(typed: text, .meeting)
    }
}

extension Session {
    /// The meeting that a command is about.
    ///
    /// - Parameter argument: What the command line says; `nil` where it says nothing.
    func desk(_ argument: String?) async throws -> MeetingDesk {
        if let named = try NamedMeeting.id(argument) { return MeetingDesk(of: named, over: rpc) }
        return MeetingDesk(of: try await onlyMeeting(), over: rpc)
    }

    private func onlyMeeting() async throws -> MeetingID {
        let list = MeetingList(over: rpc)
        for states in [[MeetingState.open, .recess], [.scheduled]] {
            var found: [MeetingSummary] = []
            for state in states { found += try await list.some(in: state) }
            guard let first = found.first else { continue }
            guard found.count == 1 else { throw Failure(ambiguous: found.map(\.id)) }
            console.note(
                Phrase(
                    "meeting \(first.id): \(first.record.title)",
                    vi: "phiên họp \(first.id): \(first.record.title)"
                )
            )
            return first.id
        }
        throw Failure(
            .usage,
            "MEETING_UNCLEAR",
            Phrase(
                "you take part in no meeting that goes on or is scheduled",
                vi: "bạn không tham dự phiên họp nào đang diễn ra hay đã lên lịch"
            ),
            advice: Phrase(
                "name the meeting with --meeting; «ecabinet meeting list» says which there are",
                vi:
                    "hãy ghi rõ phiên họp bằng --meeting; «ecabinet meeting list» cho biết các phiên họp"
            )
        )
    }
}

extension Failure {
    fileprivate init(ambiguous meetings: [MeetingID]) {
        let names = meetings.map(\.text).joined(separator: ", ")
        self.init(
            .usage,
            "MEETING_UNCLEAR",
            Phrase(
                "you take part in more than one meeting",
                vi: "bạn tham dự nhiều phiên họp"
            ),
            because: Phrase("there are: \(names)", vi: "hiện có: \(names)"),
            advice: Phrase(
                "name one, or set ECABINET_MEETING",
                vi: "hãy ghi rõ một phiên họp, hoặc đặt ECABINET_MEETING"
            )
        )
    }
}
