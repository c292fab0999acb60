internal import CabinetLedger
internal import CabinetLocks
internal import CabinetModel

/// What is durable of a meeting, for whoever only looks.
struct MeetingView: Sendable {
    let state: MeetingState
    let checkpoint: SignedCheckpoint
    /// Participants as they are listed: ``CabinetModel/Proceedings/listedParticipants``.
    let participants: [PrincipalID]
    let channels: MeetingChannels

    /// `nil` before the first commit.
    init?(_ log: MeetingLog) {
        guard let checkpoint = log.checkpoint, let channels = log.channels else { return nil }
        state = log.state
        self.checkpoint = checkpoint
        self.channels = channels
        participants = log.participants
    }
}

/// What is durable of all meetings, on any thread. The sequencer replaces what it has committed before it
/// answers, so that whoever has its answer sees its effect.
///
/// What is listed is kept in the order in which it is listed: those who read cut their page out of it, and
/// keep neither the lock nor an event loop for longer.
final class MeetingViews: Sendable {
    enum Finding: Sendable {
        case served(MeetingView)
        case damaged(LogDamage)
    }

    /// Meetings that are served, the latest scheduled time first, then by identifier.
    private struct Listing: Sendable {
        private struct Line: Comparable, Sendable {
            let scheduled: Int64
            let id: MeetingID

            static func < (left: Self, right: Self) -> Bool {
                (right.scheduled, left.id) < (left.scheduled, right.id)
            }
        }

        private var lines: [Line] = []
        private(set) var meetings: [MeetingID] = []

        /// Puts a meeting where it belongs, if it is not there: it is never scheduled anew.
        mutating func insert(_ meeting: MeetingState, _ id: MeetingID) {
            guard let (line, place, isThere) = find(meeting, id), !isThere else { return }
            lines.insert(line, at: place)
            meetings.insert(id, at: place)
        }

        mutating func remove(_ meeting: MeetingState, _ id: MeetingID) {
            guard let (_, place, isThere) = find(meeting, id), isThere else { return }
            lines.remove(at: place)
            meetings.remove(at: place)
        }

        private func find(_ meeting: MeetingState, _ id: MeetingID) -> (Line, Int, Bool)? {
            guard let scheduled = meeting.proceedings.meeting?.scheduled else { return nil }
            let line = Line(scheduled: scheduled.unixMilliseconds, id: id)
            var low = 0
            var high = lines.count
            while low < high {
                let middle = low + (high - low) / 2
                if lines[middle] < line { low = middle + 1 } else { high = middle }
            }
            return (line, low, low < lines.count && lines[low] == line)
        }
    }

    private struct Contents {
        var findings: [MeetingID: Finding]
        var all = Listing()
        /// Those that a principal takes part in.
        var ofPrincipals: [PrincipalID: Listing] = [:]

        /// - Parameter changed: Principals that may take part or no more.
        mutating func list(
            _ id: MeetingID,
            _ meeting: MeetingState,
            _ changed: some Sequence<PrincipalID>
        ) {
            all.insert(meeting, id)
            for principal in changed {
                if meeting.proceedings.attendees[principal] != nil {
                    ofPrincipals[principal, default: Listing()].insert(meeting, id)
                } else {
                    ofPrincipals[principal]?.remove(meeting, id)
                }
            }
        }
    }

    private let contents: Guarded<Contents>
    private let participantsChanged = Guarded<(@Sendable () -> Void)?>(nil)

    init(_ findings: [MeetingID: Finding]) {
        var contents = Contents(findings: findings)
        for case (let id, .served(let view)) in findings {
            contents.list(id, view.state, view.participants)
        }
        self.contents = Guarded(contents)
    }

    subscript(id: MeetingID) -> Finding? {
        contents.withLock { $0.findings[id] }
    }

    /// The meetings that are served, the latest scheduled time first, then by identifier.
    ///
    /// - Parameter participant: `nil` for all; otherwise those that it takes part in.
    func meetings(of participant: PrincipalID?) -> [MeetingID] {
        contents.withLock { contents in
            guard let participant else { return contents.all.meetings }
            return contents.ofPrincipals[participant]?.meetings ?? []
        }
    }

    /// Has somebody told when principals take part in a meeting, or no more, or otherwise, and when a
    /// meeting is over: on the sequencer's thread, so it must not wait. It takes the place of who was told
    /// before.
    func onChangeOfParticipants(_ changed: (@Sendable () -> Void)?) {
        participantsChanged.withLock { $0 = changed }
    }

    func publish(_ logs: [MeetingLog]) {
        let published = logs.map { ($0.listParticipants(), $0.id, MeetingView($0)) }
        defer {
            let isChanged = published.contains { changed, _, view in
                !changed.isEmpty || view?.state.isOver == true
            }
            if isChanged { participantsChanged.withLock { $0 }?() }
        }
        contents.withLock { contents in
            for (changed, id, view) in published {
                guard let view else { continue }
                contents.findings[id] = .served(view)
                if !changed.isEmpty { contents.list(id, view.state, changed) }
            }
        }
    }
}
