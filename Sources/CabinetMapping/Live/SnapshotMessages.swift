public import CabinetAPI
public import CabinetModel

extension MeetingSnapshot {
    /// The message of a meeting's state as an audience may see it. Its sequence number is in the frame.
    ///
    /// - Returns: `nil` before the meeting is scheduled: there is nobody to whom it could be shown.
    public init?(_ replica: ReplicaState) {
        let proceedings = replica.proceedings
        guard let log = proceedings.log, let meeting = Meeting(proceedings) else { return nil }
        let standing = replica.standing
        let inProgress = proceedings.pollInProgress?.id
        self.init(
            meeting: meeting,
            participants: proceedings.attendance.map { Attendance($0) },
            agenda: proceedings.agenda.items.map { AgendaItem($0) },
            polls: proceedings.polls.map { poll in
                Poll(poll, standing: poll.id == inProgress ? standing : nil)
            },
            pollInProgress: PollInProgress(replica),
            log: LogOpened(log)
        )
    }
}

extension CabinetAPI.PollInProgress {
    fileprivate init?(_ replica: ReplicaState) {
        guard let progress = replica.proceedings.pollInProgress,
            let ballots = replica.pollInProgress?.ballots
        else { return nil }
        self.init(
            pollID: progress.id.text,
            roll: progress.roll.bytes,
            rollCall: ballots.rollCall.map { RollCall($0) }
        )
    }
}
