import CabinetCodec
import CabinetRPC
import CabinetWire
import FixtureAPI
import NIOCore
import Testing

/// How the server refuses a subscription that cannot go on, and ends one that does not.
@Suite struct SubscriptionEndTests {
    private static func channel(_ limits: ChannelLimits) throws -> BroadcastChannel<Choices> {
        try BroadcastChannel<Choices>(name: "channel", epoch: 7, limits: limits) {
            throw RPCError(.unavailable, "no snapshots are made here")
        }
    }

    private func withChannel(
        _ limits: ChannelLimits,
        _ body: (AbusedServer, BroadcastChannel<Choices>) throws -> Void
    ) throws {
        let channel = try Self.channel(limits)
        func register(in router: inout MethodRouter) {
            router.register(EverythingService.Methods.follow) { _, _ in
                ChannelSubscription(channel)
            }
        }
        try AbusedServer.run(register: register) { server in try body(server, channel) }
    }

    private static func follow(_ peer: HandPeer, slot: UInt32 = 1, after token: ResumeToken) {
        peer.call(EverythingService.Methods.follow, slot: slot, Empty(), resumingAfter: token)
    }

    @Test(
        "A token that the channel cannot go on from is refused, with what can be had",
        arguments: [
            // Too old, from the future, of another epoch.
            ResumeToken(epoch: 7, sequence: 4), ResumeToken(epoch: 7, sequence: 11),
            ResumeToken(epoch: 7, sequence: .max), ResumeToken(epoch: 8, sequence: 10),
            ResumeToken(epoch: 0, sequence: 0),
        ]
    )
    func stale(_ token: ResumeToken) throws {
        var limits = ChannelLimits()
        limits.historyEvents = 5
        try withChannel(limits) { server, channel in
            try channel.publish((1...10).map { Choices(choice: .number($0)) })
            let peer = server.connect()
            Self.follow(peer, after: token)
            server.run()
            let frame = try #require(peer.take(.status).first)
            let status = try Status(serialized: frame.body)
            #expect(status.code == .outOfRange)
            #expect(frame.header.flags.contains(.notProcessed))
            let detail = try #require(status.details.first)
            #expect(detail.domain == "cabinet.rpc")
            #expect(detail.reason == "RESUME_TOKEN_STALE")
            #expect(
                detail.attributes.map { "\($0.name)=\($0.value)" } == [
                    "epoch=7", "first=6", "next=11",
                ]
            )
            // The oldest and the newest that can be gone on from.
            Self.follow(peer, slot: 2, after: ResumeToken(epoch: 7, sequence: 5))
            server.run()
            #expect(peer.eventCount == 5)
            let other = server.connect()
            Self.follow(other, after: ResumeToken(epoch: 7, sequence: 10))
            server.run()
            #expect(other.take(.bound).count == 1)
            #expect(other.take(.status).isEmpty)
        }
    }

    @Test("Who makes no progress is ended, and resumes without a gap")
    func stalled() throws {
        var limits = ChannelLimits()
        limits.markInterval = .seconds(1)
        limits.maxStall = .seconds(3)
        try withChannel(limits) { server, channel in
            let peer = server.connect()
            Self.follow(peer, after: ResumeToken(epoch: 7, sequence: 0))
            server.run()
            peer.stall(true)
            let event = Choices(choice: .text(String(repeating: "x", count: 1_000)))
            for _ in 0..<500 {
                try channel.publish([event])
                server.advance(.microseconds(100))
            }
            server.advance(.seconds(5))
            // The connection takes what it had, and nothing after the outcome.
            peer.stall(false)
            server.advance(.milliseconds(10))
            let received = UInt64(peer.eventCount)
            #expect(received < 500)
            let status = try Status(serialized: try #require(peer.take(.status).first).body)
            #expect(status.code == .unavailable)
            #expect(status.details.first?.reason == "SUBSCRIBER_STALLED")
            #expect(server.counter("cabinet_rpc_server_subscriptions_stalled_total") == 1)
            Self.follow(peer, slot: 2, after: ResumeToken(epoch: 7, sequence: received))
            server.advance(.milliseconds(10))
            #expect(UInt64(peer.eventCount) == 500 - received)
        }
    }
}
