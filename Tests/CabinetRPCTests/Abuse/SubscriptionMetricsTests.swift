import CabinetRPC
import CabinetWire
import FixtureAPI
import NIOCore
import Testing

/// What a server counts of its subscriptions.
@Suite struct SubscriptionMetricsTests {
    private static let prefix = "cabinet_rpc_server_"

    @Test("Those who fall behind are counted until they have everything")
    func fallingBehind() throws {
        let channel = try BroadcastChannel<Choices>(name: "channel", epoch: 1) {
            throw RPCError(.unavailable, "no snapshots are made here")
        }
        func register(in router: inout MethodRouter) {
            router.register(EverythingService.Methods.follow) { _, _ in
                ChannelSubscription(channel)
            }
        }
        let event = Choices(choice: .text(String(repeating: "x", count: 1_000)))
        try AbusedServer.run(register: register) { server in
            let (slow, fast) = (server.connect(), server.connect())
            for peer in [slow, fast] { peer.follow(slot: 1) }
            server.run()
            #expect(server.subscriptions("LIVE") == 2)
            #expect(server.subscriptions("BEHIND") == 0)
            slow.stall(true)
            for _ in 0..<500 {
                try channel.publish([event])
                server.advance(.microseconds(100))
            }
            #expect(fast.eventCount == 500)
            #expect(server.subscriptions("LIVE") == 1)
            #expect(server.subscriptions("BEHIND") == 1)
            #expect(server.counter(Self.prefix + "subscriptions_fell_behind_total") == 1)
            slow.stall(false)
            server.advance(.milliseconds(10))
            #expect(slow.eventCount == 500)
            #expect(server.counter(Self.prefix + "events_delivered_total") == 1_000)
            #expect(server.subscriptions("LIVE") == 2)
            #expect(server.subscriptions("BEHIND") == 0)
            // One that ends while it is behind is behind no more: that is looked at in the end.
            slow.stall(true)
            for _ in 0..<500 {
                try channel.publish([event])
                server.advance(.microseconds(100))
            }
            #expect(server.subscriptions("BEHIND") == 1)
        }
    }

    @Test("How subscriptions begin is counted")
    func beginning() throws {
        let channel = try BroadcastChannel<Choices>(name: "channel", epoch: 1) {
            throw RPCError(.unavailable, "no snapshots are made here")
        }
        func register(in router: inout MethodRouter) {
            router.register(EverythingService.Methods.follow) { _, _ in
                ChannelSubscription(channel)
            }
        }
        try AbusedServer.run(register: register) { server in
            let peer = server.connect()
            peer.follow(slot: 1)
            server.run()
            server.connect().call(
                EverythingService.Methods.follow,
                slot: 1,
                Empty(),
                resumingAfter: ResumeToken(epoch: 2, sequence: 0)
            )
            server.run()
            let label = Self.prefix + "subscriptions_total"
            #expect(server.counter(label, [("start", "RESUMED")]) == 1)
            #expect(server.counter(label, [("start", "STALE")]) == 1)
            #expect(server.counter(label, [("start", "SNAPSHOT")]) == 0)
        }
    }
}
