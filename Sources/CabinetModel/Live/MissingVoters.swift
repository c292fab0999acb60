/// The members who may vote in the poll in progress and have not, as the chair sees them before closing it.
/// Each list is in the order of the roll.
public struct MissingVoters: Hashable, Sendable {
    /// Connected: they could vote now.
    public var connected: [PrincipalID] = []
    /// Checked in, and with no device connected: their link is lost.
    public var linkLost: [PrincipalID] = []
    /// Neither checked in nor connected.
    public var away: [PrincipalID] = []

    public init() {}
}

extension ReplicaState {
    /// Who has not voted in the poll that is open or held.
    ///
    /// - Returns: `nil` where there is no such poll, and where counts alone are shown of it: nobody is told
    ///   then who has voted.
    /// - Complexity: O(*n*) in the voters.
    public func missingVoters(connected: ConnectedDevices) -> MissingVoters? {
        guard let progress = proceedings.pollInProgress, let pollInProgress,
            let poll = proceedings.poll(progress.id), poll.state == .open || poll.state == .held
        else { return nil }
        let hasVoted: [Bool]
        switch pollInProgress.ballots {
        case .named(let votes): hasVoted = votes.map { $0 != nil }
        case .nothing(let places): hasVoted = places.map { $0 != nil }
        case .counts: return nil
        }
        var missing = MissingVoters()
        for (voter, hasVoted) in zip(progress.roll.roll.voters, hasVoted) where !hasVoted {
            let id = voter.member
            if connected.isConnected(id) {
                missing.connected.append(id)
            } else if proceedings.attendees[id]?.attendance.place != nil {
                missing.linkLost.append(id)
            } else {
                missing.away.append(id)
            }
        }
        return missing
    }
}
