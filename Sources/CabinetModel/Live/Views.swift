// What the voting service answers with: the same redaction as that of snapshots.

extension MeetingState {
    /// A poll as an audience may see it.
    ///
    /// - Throws: ``Rejection/pollNotFound`` where there is no such poll, and where it never opened and
    ///   the audience does not see drafts.
    public func poll(_ id: PollID, for audience: Audience) throws(Rejection) -> Poll {
        guard let poll = proceedings.poll(id),
            audience == .secretariat || poll.opening != nil
        else { throw .pollNotFound }
        return poll
    }

    /// The counts as they stand, as far as anybody may see them; `nil` where the poll is not the one
    /// in progress.
    public func standing(of id: PollID) -> Standing? {
        guard proceedings.pollInProgress?.id == id else { return nil }
        return snapshot(for: .members).standing
    }

    /// One part of a poll's roll, as it is in the log.
    ///
    /// - Throws: ``Rejection/pollNotFound`` as ``poll(_:for:)`` does,
    ///   ``Rejection/pollNotOpen(state:)`` where it never opened, ``Rejection/entryNotFound`` past the
    ///   last part.
    public func rollPart(
        _ part: UInt32,
        of id: PollID,
        for audience: Audience
    ) throws(Rejection) -> RollPart {
        let poll = try poll(id, for: audience)
        guard let box = ballotBoxes[id] else { throw .pollNotOpen(state: poll.state) }
        guard let index = Int(exactly: part), box.roll.parts.indices.contains(index) else {
            throw .entryNotFound
        }
        return box.roll.parts[index]
    }

    /// How each member voted, once the poll has its verdict.
    ///
    /// - Throws: ``Rejection/pollNotFound`` as ``poll(_:for:)`` does,
    ///   ``Rejection/pollNotDecided(state:)`` before the verdict, and where it was voided.
    public func rollCall(of id: PollID, for audience: Audience) throws(Rejection) -> RollCall {
        let poll = try poll(id, for: audience)
        guard case .decided = poll.stage, let box = ballotBoxes[id] else {
            throw .pollNotDecided(state: poll.state)
        }
        return box.rollCall
    }
}
