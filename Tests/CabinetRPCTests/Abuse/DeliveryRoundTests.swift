import CabinetCodec
import CabinetRPC
import CabinetWire
import FixtureAPI
import NIOCore
import TestSupport
import Testing

/// Events on their way to many subscribers of one event loop.
@Suite struct DeliveryRoundTests {
    /// Some more than get an event in one turn.
    private static let count = 250

    private func withFollowers(
        _ body: (AbusedServer, BroadcastChannel<Choices>, [HandPeer]) throws -> Void
    ) throws {
        let channel = try BroadcastChannel<Choices>(name: "channel", epoch: 1) {
            throw RPCError(.unavailable, "no snapshots are made here")
        }
        func register(in router: inout MethodRouter) {
            router.register(EverythingService.Methods.follow) { _, _ in
                ChannelSubscription(channel)
            }
        }
        try AbusedServer.run(register: register) { server in
            let peers = (0..<Self.count).map { _ in server.connect() }
            for peer in peers { peer.follow(slot: 1) }
            server.run()
            try body(server, channel, peers)
        }
    }

    /// The numbers of the events that have come since it was asked last, and in how many frames.
    private static func taken(_ peer: HandPeer) -> (sequences: [UInt64], frames: Int) {
        var sequences: [UInt64] = []
        let frames = peer.take { $0 == .event || $0 == .batch }
        for frame in frames {
            let first = frame.body.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let count =
                frame.header.type == .batch ? UInt64(frame.body[8]) << 8 | UInt64(frame.body[9]) : 1
            sequences += first..<first + count
        }
        return (sequences, frames.count)
    }

    private static func event(_ number: Int32) -> Choices { Choices(choice: .number(number)) }

    @Test("A call is answered before an event has reached all subscribers")
    func callsInBetween() throws {
        try withFollowers { server, channel, peers in
            try channel.publish([Self.event(1)])
            server.run()
            var reached = peers.count { $0.eventCount == 1 }
            #expect(reached > 0 && reached < Self.count)
            try server.expectNeighbourServed()
            server.advance(.milliseconds(10))
            reached += peers.count { $0.eventCount == 1 }
            #expect(reached == Self.count)
        }
    }

    @Test("What is published while a round is under way goes out together in the next")
    func together() throws {
        try withFollowers { server, channel, peers in
            for number in 1...10 as ClosedRange<Int32> {
                try channel.publish([Self.event(number)])
                server.run()
            }
            server.advance(.milliseconds(20))
            for peer in peers {
                let taken = Self.taken(peer)
                #expect(taken.sequences == Array(1...10))
                #expect(taken.frames <= 2)
            }
        }
    }

    @Test("A call is answered before a MARK has reached all subscribers")
    func callsAmongMarks() throws {
        try withFollowers { server, _, peers in
            server.advance(ChannelLimits().markInterval)
            var reached = peers.count { !$0.take(.mark).isEmpty }
            #expect(reached > 0 && reached < Self.count)
            try server.expectNeighbourServed()
            server.advance(.milliseconds(10))
            reached += peers.count { !$0.take(.mark).isEmpty }
            #expect(reached == Self.count)
        }
    }

    @Test("An event takes the place of a MARK that has not reached all subscribers")
    func eventAmongMarks() throws {
        try withFollowers { server, channel, peers in
            server.advance(ChannelLimits().markInterval)
            let marked = peers.count { !$0.take(.mark).isEmpty }
            #expect(marked > 0 && marked < Self.count)
            try channel.publish([Self.event(1)])
            server.advance(.milliseconds(10))
            #expect(peers.allSatisfy { $0.take(.mark).isEmpty })
            for peer in peers { #expect(Self.taken(peer).sequences == [1]) }
            // The next interval had an event, the one after it has none.
            server.advance(ChannelLimits().markInterval)
            #expect(peers.allSatisfy { $0.take(.mark).isEmpty })
            server.advance(ChannelLimits().markInterval)
            for peer in peers {
                let marks = peer.take(.mark)
                #expect(marks.map(\.body) == [[0, 0, 0, 0, 0, 0, 0, 1]])
            }
        }
    }

    @Test("A channel that ends while a MARK is under way ends for all")
    func endAmongMarks() throws {
        try withFollowers { server, channel, peers in
            server.advance(ChannelLimits().markInterval)
            channel.close()
            server.advance(.milliseconds(10))
            for peer in peers { #expect(peer.take(.status).count == 1) }
        }
    }

    @Test("A channel that always has more does not keep another from its turns")
    func twoChannels() throws {
        let busy = try BroadcastChannel<Choices>(name: "busy", epoch: 1) {
            throw RPCError(.unavailable, "no snapshots are made here")
        }
        let quiet = try BroadcastChannel<Choices>(name: "quiet", epoch: 1) {
            throw RPCError(.unavailable, "no snapshots are made here")
        }
        func register(in router: inout MethodRouter) {
            router.register(EverythingService.Methods.follow) { _, context in
                ChannelSubscription(context.metadata.entries.isEmpty ? quiet : busy)
            }
        }
        try AbusedServer.run(register: register) { server in
            let peers = (0..<Self.count).map { _ in server.connect() }
            let followers = peers.dropFirst(10)
            let others = peers.prefix(10)
            for peer in followers {
                peer.call(
                    EverythingService.Methods.follow,
                    slot: 1,
                    Empty(),
                    metadata: Metadata(entries: [MetadataEntry(name: "x", value: [1])])
                        .serialized(),
                    resumingAfter: ResumeToken(epoch: 1, sequence: 0)
                )
            }
            for peer in others { peer.follow(slot: 1) }
            server.run()
            try busy.publish([Self.event(0)])
            server.run()
            try quiet.publish([Self.event(0)])
            var steps = 0
            var reached = 0
            while reached < others.count, steps < 100 {
                try busy.publish([Self.event(0)])
                server.advance(.microseconds(20))
                reached += others.count { $0.eventCount == 1 }
                steps += 1
            }
            #expect(reached == others.count)
        }
    }

    @Test("Whoever leaves in the middle of a round takes nobody's turn")
    func leaving() throws {
        try withFollowers { server, channel, peers in
            try channel.publish([Self.event(1)])
            server.run()
            var others = peers.filter { $0.eventCount == 0 }
            let reached = peers.filter { peer in !others.contains { $0 === peer } }
            // Some who have it, and some who do not have it yet.
            for peer in reached.prefix(20) { peer.send(.cancel, id: 1) }
            for peer in others.prefix(20) { peer.send(.cancel, id: 1) }
            others.removeFirst(20)
            server.advance(.milliseconds(10))
            #expect(others.allSatisfy { $0.eventCount == 1 })
            #expect(reached.allSatisfy { $0.eventCount == 0 })
        }
    }

    @Test("The last events reach everybody before the channel ends")
    func end() throws {
        try withFollowers { server, channel, peers in
            try channel.publish([Self.event(1)])
            try channel.publish([Self.event(2)])
            channel.close()
            server.advance(.milliseconds(20))
            for peer in peers {
                #expect(Self.taken(peer).sequences == [1, 2])
                #expect(peer.take(.status).count == 1)
            }
        }
    }

    @Test("Whoever comes, goes, stops or goes on while events go out misses none")
    func manyThings() throws {
        var random = Seed.generator(5_001)
        try withFollowers { server, channel, peers in
            var last: UInt64 = 0
            var seen = [UInt64](repeating: 0, count: peers.count)
            var subscribed = [Bool](repeating: true, count: peers.count)
            var slots = [UInt32](repeating: 1, count: peers.count)
            for step in 0..<300 {
                switch Int.random(in: 0..<6, using: &random) {
                case 0, 1:
                    let count = Int.random(in: 1...20, using: &random)
                    try channel.publish((0..<count).map { Self.event(Int32($0)) })
                    last += UInt64(count)
                case 2:
                    let index = Int.random(in: peers.indices, using: &random)
                    peers[index].stall(step % 2 == 0)
                case 3:
                    // It leaves, while events are on their way to it.
                    let index = Int.random(in: peers.indices, using: &random)
                    guard subscribed[index] else { continue }
                    peers[index].send(.cancel, id: slots[index])
                    subscribed[index] = false
                case 4:
                    let index = Int.random(in: peers.indices, using: &random)
                    guard !subscribed[index] else { continue }
                    peers[index].stall(false)
                    server.advance(.milliseconds(1))
                    Self.expectNext(peers[index], &seen[index])
                    slots[index] += 1
                    peers[index].call(
                        EverythingService.Methods.follow,
                        slot: slots[index],
                        Empty(),
                        resumingAfter: ResumeToken(epoch: 1, sequence: seen[index])
                    )
                    subscribed[index] = true
                default:
                    server.run()
                }
                if step % 10 == 0 { server.advance(.microseconds(50)) }
            }
            for peer in peers { peer.stall(false) }
            server.advance(.milliseconds(50))
            for index in peers.indices {
                Self.expectNext(peers[index], &seen[index])
                if subscribed[index] { #expect(seen[index] == last) }
            }
        }
    }

    /// Takes what has come, which goes on from what has been seen without a gap.
    private static func expectNext(_ peer: HandPeer, _ seen: inout UInt64) {
        let sequences = taken(peer).sequences
        guard let last = sequences.last else { return }
        #expect(sequences == Array(seen + 1...max(last, seen + 1)))
        seen = last
    }
}
