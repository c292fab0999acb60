import CabinetAPI
import CabinetClient
import CabinetMapping
import CabinetModel
import CabinetRPC
import ModelTestSupport
import Testing

/// How a replica follows who is connected.
@Suite(.timeLimit(.minutes(5))) struct PresenceReplicaTests {
    private let meeting: StagedMeeting
    private let replica: PresenceReplica

    init() throws {
        meeting = try StagedMeeting()
        replica = PresenceReplica(
            of: StagedMeeting.id,
            over: meeting.caller,
            policy: .steady,
            clock: meeting.clock
        )
    }

    private func snapshot(
        _ sequence: UInt64,
        epoch: UInt64 = 7,
        _ connected: [CabinetAPI.Presence]
    ) -> StagedSubscription.Update {
        .element(
            ResumeToken(epoch: epoch, sequence: sequence),
            isSnapshot: true,
            FollowPresenceResponse(content: .snapshot(PresenceSnapshot(connected: connected)))
        )
    }

    private func change(
        _ sequence: UInt64,
        _ changes: [CabinetAPI.Presence]
    ) -> StagedSubscription.Update {
        .element(
            ResumeToken(epoch: 7, sequence: sequence),
            isSnapshot: false,
            FollowPresenceResponse(content: .change(PresenceChange(changes: changes)))
        )
    }

    private func presence(
        _ id: String,
        _ devices: CabinetAPI.DeviceKind...
    ) -> CabinetAPI.Presence {
        CabinetAPI.Presence(principalID: id, devices: devices)
    }

    @Test("It shows who is connected and with what, as that changes, and asks for no proof")
    func follows() async throws {
        let subscription = try await meeting.subscription()
        let request = try #require(subscription.request as? FollowPresenceRequest)
        #expect(request.meetingID == StagedMeeting.id.text)
        subscription.accept(connection: 1, epoch: 7, upTo: 3)
        subscription.put(
            snapshot(3, [presence("m1", .tablet, .phone), presence("m2", .seatTablet)])
        )
        subscription.isLive(connection: 1, epoch: 7, upTo: 3)
        let first = try await replica.becomes { $0.condition == .live }
        #expect(first.state?.kinds == ["m1": [.tablet, .phone], "m2": [.seatTablet]])
        subscription.put(
            change(4, [presence("m1", .phone), presence("m2"), presence("m3", .tablet)])
        )
        let second = try await replica.becomes { $0.state?.isConnected("m3") == true }
        #expect(second.state?.kinds == ["m1": [.phone], "m3": [.tablet]])
        #expect(meeting.caller.questions.isEmpty)
    }

    @Test("Offline it shows what it had, and after a restart of the server what there is then")
    func restart() async throws {
        let subscription = try await meeting.subscription()
        subscription.accept(connection: 1, epoch: 7, upTo: 9)
        subscription.put(snapshot(9, [presence("m1", .tablet)]))
        subscription.isLive(connection: 1, epoch: 7, upTo: 9)
        try await replica.becomes { $0.condition == .live }
        subscription.loseLink()
        let offline = try await replica.becomes { $0.condition.isOffline }
        #expect(offline.state?.isConnected("m1") == true)
        // The numbers begin anew, with the epoch.
        subscription.catchUp(connection: 2, epoch: 8, upTo: 0)
        subscription.put(snapshot(0, epoch: 8, []))
        subscription.isLive(connection: 2, epoch: 8, upTo: 0)
        let live = try await replica.becomes { $0.condition == .live }
        #expect(live.state?.kinds.isEmpty == true)
    }

    @Test("What does not fit is not applied: it begins anew")
    func beginsAnew() async throws {
        let subscription = try await meeting.subscription()
        subscription.accept(connection: 1, epoch: 7, upTo: 1)
        subscription.put(snapshot(1, [presence("m1", .tablet)]))
        subscription.put(change(3, [presence("m1")]))
        try await replica.becomes {
            $0.condition == .startingAnew(.follow(.gap(expected: 2, found: 3)), attempt: 1)
        }
        #expect(replica.picture.state?.isConnected("m1") == true)
        await meeting.clock.passSleep()
        #expect(try await meeting.subscription().token == nil)
    }

    @Test("Who may not follow it is told so")
    func refused() async throws {
        let refusal = RPCError(.permissionDenied, "no")
        try await meeting.subscription().refuse(refusal)
        #expect(await replica.end() == .refused(refusal))
    }
}
