import CabinetAPI
import CabinetClient
import CabinetLocks
import CabinetMapping
import CabinetModel
import CabinetRPC
import ModelTestSupport
import NIOCore
import TestSupport
import Testing

/// Meetings at random, on a server that is killed and restored, and replicas of all audiences whose links
/// are cut and stalled at random.
@Suite(.timeLimit(.minutes(5))) struct ReplicaModelTests {
    /// A device that follows the meeting, and comes back when it may again.
    private final class Device: Sendable {
        let id: PrincipalID
        let audience: CabinetModel.Audience
        let link: CutLink
        let caller: RecordingCaller
        private let client: RPCClient
        private let journal = MemoryBallotJournal()
        private let installation: TrustedInstallation
        private let following = Guarded<(MeetingReplica, Task<[ReplicaState], Never>)?>(nil)
        /// What each replica of the device has shown that has ended.
        private let shown = Guarded<[[ReplicaState]]>([])

        init(
            _ id: PrincipalID,
            _ audience: CabinetModel.Audience,
            _ node: LiveNode,
            keeping events: Int
        ) {
            self.id = id
            self.audience = audience
            installation = node.installation
            link = CutLink(as: LiveNode.device(of: id)) { node.server }
            var configuration = RPCClientConfiguration()
            configuration.reconnect = Backoff(first: .milliseconds(1), most: .milliseconds(20))
            configuration.retry.backoff = configuration.reconnect
            configuration.retry.maxAttempts = 2
            configuration.subscriptions.maxEvents = events
            client = link.client(configuration)
            caller = RecordingCaller(client)
        }

        var replica: MeetingReplica? { following.withLock { $0?.0 } }

        func follow() throws {
            let replica = try MeetingReplica(
                of: LiveNode.meeting,
                for: audience,
                over: caller,
                in: installation,
                journal: journal,
                policy: ReplicaPolicy(
                    backoff: Backoff(first: .milliseconds(1), most: .milliseconds(20)),
                    comparisonInterval: .milliseconds(50)
                )
            )
            let pictures = replica.pictures
            let reading = Task {
                var states: [ReplicaState] = []
                do {
                    for try await picture in pictures {
                        guard let state = picture.state, state != states.last else { continue }
                        states.append(state)
                    }
                } catch {
                    // The device looks at the replica's error.
                }
                return states
            }
            following.withLock { $0 = (replica, reading) }
        }

        /// A replica that has ended otherwise than by a refusal.
        struct Ended: Error, CustomStringConvertible {
            let description: String
        }

        /// Follows once more, where it was refused and may follow now.
        func followAgain(_ state: CabinetModel.MeetingState) async throws {
            guard let error = replica?.error else { return }
            guard case .refused = error else {
                throw Ended(description: "\(id) as \(audience): \(error)")
            }
            guard isAdmitted(to: state) else { return }
            await end()
            try follow()
        }

        func isAdmitted(to state: CabinetModel.MeetingState) -> Bool {
            state.proceedings.attendees[id].map { audience.admits($0.participant.roles) } ?? false
        }

        private func end() async {
            let ended = following.withLock { following in
                defer { following = nil }
                return following
            }
            guard let (replica, reading) = ended else { return }
            replica.stop()
            let states = await reading.value
            shown.withLock { $0.append(states) }
        }

        /// Follows who is connected, over the same link.
        func followPresence() -> PresenceReplica {
            PresenceReplica(
                of: LiveNode.meeting,
                over: client,
                policy: ReplicaPolicy(
                    backoff: Backoff(first: .milliseconds(1), most: .milliseconds(20))
                )
            )
        }

        /// Ends, and gives the states that each replica has shown, in their order.
        func close() async -> [[ReplicaState]] {
            await end()
            await client.close()
            return shown.withLock { $0 }
        }
    }

    private func devices(_ node: LiveNode, _ random: inout SplitMix64) -> [Device] {
        var followers: [(PrincipalID, CabinetModel.Audience)] = []
        for number in 1...7 {
            followers.append((Session.member(number), .members))
            followers.append((Session.member(number), .display))
        }
        followers += [("m1", .secretariat), ("guest", .display), ("wall", .display)]
        followers += Array(repeating: ("secretary", .secretariat), count: 4)
        followers += Array(repeating: ("wall", .display), count: 3)
        return followers.map { id, audience in
            Device(id, audience, node, keeping: Int.random(in: 2...200, using: &random))
        }
    }

    /// What the channels keep: little, so that many need snapshots.
    private func limits(_ random: inout SplitMix64) -> ChannelLimits {
        var limits = ChannelLimits()
        limits.historyEvents = [0, 1, 5, 50, 500].randomElement(using: &random) ?? 5
        limits.markInterval = .milliseconds(100)
        return limits
    }

    @Test(
        "Whatever happens to their links, all replicas arrive at what the server shows",
        arguments: 0..<3
    )
    func converge(_ run: UInt64) async throws {
        var random = Seed.generator(700 + run)
        try await LiveNode.run(limits(&random)) { node in
            let devices = devices(node, &random)
            for device in devices { try device.follow() }
            let presence = try #require(devices.first { $0.id == "secretary" }).followPresence()
            var meeting = RandomMeeting(
                random: Seed.generator(720 + run),
                of: node.state,
                materials: node.materials
            )
            for _ in 0..<200 {
                try await disturb(node, devices, &random)
                let (command, actor) = meeting.next()
                guard case .principal(let caller) = actor else { continue }
                node.advanceClock(to: meeting.session.clock)
                // A refusal is as good as anything else.
                try? await node.give(command, by: caller)
                meeting.adopt(node.state)
                for device in devices { try await device.followAgain(node.state) }
            }
            for device in devices { device.link.stall(false) }
            for device in devices { try await settle(device, node) }
            // Everybody who takes part has a device that is connected now, but for m8.
            let connected = Set(devices.map(\.id)).intersection(
                node.state.proceedings.attendees.keys
            )
            try await presence.becomes {
                $0.condition == .live && $0.state.map { Set($0.kinds.keys) } == connected
            }
            presence.stop()
            try await check(devices, node)
        }
    }

    /// Cuts a link, stalls one, or kills the server.
    private func disturb(
        _ node: LiveNode,
        _ devices: [Device],
        _ random: inout SplitMix64
    ) async throws {
        guard let device = devices.randomElement(using: &random) else { return }
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<15: device.link.cut()
        case 15..<25: device.link.stall(true)
        case 25..<40: device.link.stall(false)
        case 40..<44:
            for device in devices { device.link.cut() }
        case 44..<47:
            for device in devices { device.link.cut() }
            await node.stop()
            if Bool.random(using: &random) { try node.markRestored() }
            try node.start(limits(&random))
        default: break
        }
    }

    /// Waits until a replica has everything, or is refused where it may not follow.
    private func settle(_ device: Device, _ node: LiveNode) async throws {
        let state = node.state
        let isAdmitted = device.isAdmitted(to: state)
        // Far more than any machine needs.
        for _ in 0..<6_000 {
            try await device.followAgain(state)
            let replica = try #require(device.replica)
            let picture = replica.picture
            if isAdmitted, picture.condition == .live,
                picture.state?.sequenceNumber == state.entryCount
            {
                #expect(picture.state == state.snapshot(for: device.audience))
                return
            }
            if !isAdmitted, case .refused? = replica.error { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        let picture = device.replica?.picture
        Issue.record(
            """
            \(device.id) as \(device.audience) is \(String(describing: picture?.condition)) at \
            \(String(describing: picture?.state?.sequenceNumber)) of \(state.entryCount)
            """
        )
    }

    /// Compares everything that came, and everything that was shown, with the log.
    private func check(_ devices: [Device], _ node: LiveNode) async throws {
        var shown: [[[ReplicaState]]] = []
        for device in devices { shown.append(await device.close()) }
        await node.stop()
        var state = CabinetModel.MeetingState()
        var events: [CabinetModel.Audience: [UInt64: FollowMeetingResponse]] = [:]
        var states: [CabinetModel.Audience: [UInt64: ReplicaState]] = [:]
        for entry in try node.entries() {
            state.evolve(entry)
            for audience in CabinetModel.Audience.allCases {
                events[audience, default: [:]][state.entryCount] = FollowMeetingResponse(
                    state.event(for: audience, of: entry)
                )
                states[audience, default: [:]][state.entryCount] = state.snapshot(for: audience)
            }
        }
        for (device, shown) in zip(devices, shown) {
            for (number, event) in device.caller.received {
                #expect(event == events[device.audience]?[number], "\(device.id), event \(number)")
            }
            for state in shown.joined() {
                #expect(
                    state == states[device.audience]?[state.sequenceNumber],
                    "\(device.id), state \(state.sequenceNumber)"
                )
            }
            for states in shown {
                let numbers = states.map(\.sequenceNumber)
                #expect(numbers == numbers.sorted(), "\(device.id)")
            }
        }
        // The test is worth something.
        #expect(shown.count { !$0.joined().isEmpty } > devices.count / 2)
        #expect(devices.contains { $0.caller.snapshotCount > 1 })
        #expect(devices.contains { !$0.caller.received.isEmpty })
    }
}
