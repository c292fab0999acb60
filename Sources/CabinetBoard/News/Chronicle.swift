internal import CabinetClient
internal import CabinetModel

/// What has changed between the pictures that a replica shows: the news, in an order that makes sense.
///
/// A replica shows its latest picture and not every one: of changes that come together it is the result
/// that is told. Nothing is told twice.
public struct Chronicle: Sendable {
    private var told: BoardScene?
    /// Who was connected when that was known last: while the link is lost it is not.
    private var connected = ConnectedDevices()

    public init() {}

    /// The news since the scene before; of the first one, how things stand.
    ///
    /// - Complexity: O(*n* log *n*) in the participants.
    public mutating func take(_ scene: BoardScene) -> [News] {
        let before = told
        told = scene
        var news: [News] = []
        if before.map({ Self.kind($0.condition) != Self.kind(scene.condition) }) ?? true {
            news.append(.condition(scene.condition))
        }
        guard let state = scene.state else { return news }
        let old = before?.state
        if old != state {
            news += Self.meetingNews(old?.proceedings, state.proceedings)
            news += Self.attendanceNews(old?.proceedings, state.proceedings)
            news += Self.pollNews(old, state)
        }
        if let connected = scene.connected {
            news += Self.deviceNews(self.connected, connected, state.proceedings)
            self.connected = connected
        }
        return news
    }

    /// Since when a link is lost, and for which reason now, is no news.
    private enum ConditionKind: Hashable {
        case connecting, catchingUp, live, offline, startingAnew, ended
    }

    private static func kind(_ condition: ReplicaCondition) -> ConditionKind {
        switch condition {
        case .connecting: .connecting
        case .catchingUp: .catchingUp
        case .live: .live
        case .offline: .offline
        case .startingAnew: .startingAnew
        case .ended: .ended
        }
    }

    private static func meetingNews(_ old: Proceedings?, _ new: Proceedings) -> [News] {
        var news: [News] = []
        if let meeting = new.meeting,
            old?.meeting?.phase.name != meeting.phase.name || old?.meeting?.title != meeting.title
        {
            news.append(.meeting(meeting.title, meeting.phase.name))
        }
        if let current = new.agenda.currentID {
            if old?.agenda.currentID != current {
                news.append(.currentItem(new.agenda.item(current)))
            }
        } else if old?.agenda.currentID != nil {
            news.append(.currentItem(nil))
        }
        return news
    }

    private static func attendanceNews(_ old: Proceedings?, _ new: Proceedings) -> [News] {
        var news: [News] = []
        let before = old?.attendees ?? [:]
        for id in new.listedParticipants {
            guard let attendee = new.attendees[id],
                before[id]?.attendance != attendee.attendance
            else { continue }
            news.append(.attendance(attendee.participant, attendee.attendance))
        }
        for id in old?.listedParticipants ?? [] where new.attendees[id] == nil {
            if let attendee = before[id] { news.append(.removed(attendee.participant)) }
        }
        return news
    }

    private static func pollNews(_ old: ReplicaState?, _ new: ReplicaState) -> [News] {
        var news: [News] = []
        let before = old?.proceedings.polls ?? []
        let states = Dictionary(
            before.map { ($0.id, $0.state) },
            uniquingKeysWith: { first, _ in first }
        )
        // Ballots before the verdict that they lead to.
        news += ballotNews(old, new)
        for poll in new.proceedings.polls where states[poll.id] != poll.state {
            if let verdict = poll.verdict {
                news.append(.verdict(poll.id, verdict))
            } else if poll.state == .open, states[poll.id] != .held {
                // A poll that opens is told before its first ballots.
                news.insert(.poll(poll.id, poll.state), at: 0)
            } else {
                news.append(.poll(poll.id, poll.state))
            }
        }
        return news
    }

    private static func ballotNews(_ old: ReplicaState?, _ new: ReplicaState) -> [News] {
        guard let progress = new.proceedings.pollInProgress, let view = new.pollInProgress else {
            return []
        }
        let isSamePoll = old?.proceedings.pollInProgress?.id == progress.id
        let before = isSamePoll ? old?.pollInProgress?.ballots : nil
        guard before != view.ballots else { return [] }
        guard let rollCall = view.ballots.rollCall else {
            // That nobody has voted yet is no news.
            guard let counts = new.standing?.counts, before != nil || counts.tally.cast.members > 0
            else { return [] }
            return [.counts(progress.id, counts)]
        }
        let oldLines = before?.rollCall?.lines ?? []
        return zip(progress.roll.roll.voters, rollCall.lines).enumerated()
            .compactMap { index, pair -> News? in
                let (voter, line) = pair
                let oldLine = oldLines.indices.contains(index) ? oldLines[index] : .notVoted
                guard line != oldLine,
                    let attendee = new.proceedings.attendees[voter.member]
                else { return nil }
                return .ballot(progress.id, attendee.participant, line)
            }
    }

    private static func deviceNews(
        _ old: ConnectedDevices,
        _ new: ConnectedDevices,
        _ proceedings: Proceedings
    ) -> [News] {
        guard old != new else { return [] }
        return proceedings.listedParticipants.compactMap { id in
            guard old[id] != new[id], let attendee = proceedings.attendees[id] else { return nil }
            let kinds = new[id].sorted { $0.rawValue < $1.rawValue }
            return .devices(attendee.participant, kinds)
        }
    }
}
