internal import CabinetAPI
internal import CabinetMapping
public import CabinetModel
public import CabinetRPC

/// A meeting as an audience may see it, as it happens: the server's `MeetingState/snapshot(for:)`, kept
/// up with the same `evolve` as there.
///
/// ```swift
/// let replica = try MeetingReplica(
///     of: MeetingID("2019-06-24"), for: .members, over: rpc, in: installation, journal: journal
/// )
/// for try await picture in replica.pictures {
///     show(picture.state, picture.condition)
/// }
/// ```
///
/// **No gap.** Each event is the one after the last, or it is not applied. Where the link is lost, the replica
/// goes on from the event that it has; where the server does not have the next one any more, or the log was
/// restored and has another epoch, from a snapshot. Where it is sent what does not fit or does not map it
/// says so (``ReplicaCondition/startingAnew(_:attempt:)``) and begins anew from a snapshot, with pauses,
/// and not without end. A state between the parts of a roll is not shown, nor one that is older than what is
/// shown.
///
/// **One history.** Before anything is shown that came over a new connection, or with another epoch, the
/// server has to prove that the log goes on from every checkpoint that the journal has, and that it is not
/// shorter than what was shown. The newest checkpoint is kept in their place. While the replica is live the
/// log is compared now and then as well (``ReplicaPolicy/comparisonInterval``). A log that was rewritten ends
/// the replica with ``ReplicaError/history(_:)``, and the journal has the evidence; the last state can
/// still be read. What comes during the proof waits within the bounds of `SubscriptionLimits`, and beyond
/// them the replica goes on from a snapshot. Where the link fails during the proof it is asked for again.
///
/// What the proof covers is the log. Events themselves are not signed: they are what the server says of its
/// entries, to each audience what it may see.
///
/// **Its link.** Who may not follow the meeting as that audience gets ``ReplicaError/refused(_:)``. Whatever
/// may pass is tried again until the replica is stopped, and told as
/// ``ReplicaCondition/offline(since:reason:)`` meanwhile. A lost link is noticed by the connection, at once
/// where it is reset, and within the two intervals of CWP/1, section 6, where nothing is heard any more.
public typealias MeetingReplica = Replica<ReplicaState>

extension Replica where State == ReplicaState {
    /// Begins to follow a meeting.
    ///
    /// - Parameters:
    ///   - meeting: What is followed.
    ///   - audience: As whom; the server looks whether the device's owner has a role in it.
    ///   - caller: The connection, which may be lost and made anew. Replicas of the same meeting and
    ///     audience share its subscription.
    ///   - installation: Whose log is believed.
    ///   - journal: What was seen of the log. A member has the one that its ``VotingClient`` has.
    ///   - policy: How it tries again, and how often it compares the log.
    ///   - clock: For pauses, and for the instants of ``ReplicaCondition/offline(since:reason:)``.
    /// - Throws: ``HistoryError/logNameTooLong``.
    public convenience init<C: Clock>(
        of meeting: MeetingID,
        for audience: CabinetModel.Audience,
        over caller: any RPCCaller,
        in installation: TrustedInstallation,
        journal: any CheckpointJournal,
        policy: ReplicaPolicy = ReplicaPolicy(),
        clock: C = ContinuousClock()
    ) throws(HistoryError) where C.Instant == ContinuousClock.Instant {
        let history = try MeetingHistory(
            of: meeting,
            in: installation,
            over: caller,
            journal: journal
        )
        let watch = LogWatch(history)
        let clock = ReplicaClock(clock)
        let live = LiveService.Client(caller)
        let request = FollowMeetingRequest(
            meetingID: meeting.text,
            audience: Audience(rawValue: audience.rawValue)
        )
        self.init { latest in
            await withTaskGroup(of: ReplicaError?.self) { group in
                group.addTask {
                    var following = Following(
                        MeetingFollower.OfLog(audience: audience, of: meeting, history.log),
                        latest,
                        watch,
                        policy,
                        clock
                    ) { token throws(RPCError) in
                        try await live.followMeeting(
                            request,
                            resumingAfter: token,
                            options: CallOptions(timeout: policy.attemptTimeout)
                        )
                    }
                    return await following.run()
                }
                if let interval = policy.comparisonInterval {
                    group.addTask {
                        await watch.run(every: interval, clock).map { .history($0) }
                    }
                }
                // Either ends with an error, or when it is cancelled.
                let error = await group.next() ?? nil
                group.cancelAll()
                return error
            }
        }
    }
}
