internal import CabinetAPI
internal import CabinetMapping
public import CabinetModel
public import CabinetRPC

/// Who is connected to a meeting now, and with what kinds of devices, as it changes.
///
/// It stands beside the log, in the server's memory: after a restart of the server it begins anew, with
/// another epoch, and nothing of it can be proven. With it, and a ``MeetingReplica``, the chair sees
/// before closing a poll who has not voted and is connected, and who has lost the link
/// (`ReplicaState/missingVoters(connected:)`). Members, chair and secretaries may follow it.
///
/// It comes back by itself after a lost link, as a ``MeetingReplica`` does. While it is offline its state is
/// what it was.
public typealias PresenceReplica = Replica<ConnectedDevices>

extension Replica where State == ConnectedDevices {
    /// Begins to follow who is connected to a meeting.
    ///
    /// - Parameters:
    ///   - meeting: Whose participants are followed.
    ///   - caller: The connection, which may be lost and made anew.
    ///   - policy: How it tries again.
    ///   - clock: For pauses, and for the instants of ``ReplicaCondition/offline(since:reason:)``.
    public convenience init<C: Clock>(
        of meeting: MeetingID,
        over caller: any RPCCaller,
        policy: ReplicaPolicy = ReplicaPolicy(),
        clock: C = ContinuousClock()
    ) where C.Instant == ContinuousClock.Instant {
        let clock = ReplicaClock(clock)
        let live = LiveService.Client(caller)
        let request = FollowPresenceRequest(meetingID: meeting.text)
        self.init { latest in
            var following = Following(PresenceFollower(), latest, nil, policy, clock) {
                token throws(RPCError) in
                try await live.followPresence(
                    request,
                    resumingAfter: token,
                    options: CallOptions(timeout: policy.attemptTimeout)
                )
            }
            return await following.run()
        }
    }
}
