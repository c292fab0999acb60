import CabinetCodec
import CabinetRPC
import CabinetTLS
import CabinetWire
import FixtureAPI
import Testing

/// Channels that are known by their descriptions alone, and what a server says at the beginning.
@Suite struct SerializedChannelTests {
    @Test(
        "A program that knows no schema follows a channel, and resumes",
        arguments: Carrier.allCases
    )
    func follow(_ carrier: Carrier) async throws {
        let counter = try Counting([5, 6, 7], kept: 3)
        let method = EverythingService.Methods.follow.description
        try await Connected.run(over: carrier, counter.router) { connected in
            try await connected.withClient { client in
                var events = try await client.subscribeSerialized(method, []).makeAsyncIterator()
                let snapshot = try #require(try await events.next())
                #expect(snapshot.isSnapshot)
                #expect(snapshot.token == ResumeToken(epoch: 1, sequence: 3))
                #expect(try Choices(serialized: snapshot.message).choice == .text("18"))
                try counter.add([1])
                let event = try #require(try await events.next())
                #expect(!event.isSnapshot)
                #expect(event.token == ResumeToken(epoch: 1, sequence: 4))
                #expect(try Choices(serialized: event.message).choice == .number(1))
            }
            try await connected.withClient { client in
                var events = try await client.subscribeSerialized(
                    method,
                    [],
                    resumingAfter: ResumeToken(epoch: 1, sequence: 2)
                ).makeAsyncIterator()
                let event = try #require(try await events.next())
                #expect(try Choices(serialized: event.message).choice == .number(7))
            }
        }
    }

    @Test("The end of a channel, and a method of another shape, are errors as of a typed call")
    func errors() async throws {
        let counter = try Counting([5])
        let method = EverythingService.Methods.follow.description
        try await Connected.run(counter.router) { connected in
            try await connected.withClient { client in
                var events = try await client.subscribeSerialized(method, []).makeAsyncIterator()
                _ = try await events.next()
                counter.close(RPCError(.failedPrecondition, "over"))
                let ended = await #expect(throws: RPCError.self) { try await events.next() }
                #expect(ended?.code == .failedPrecondition)
                let misshapen = await #expect(throws: RPCError.self) {
                    _ = try await client.callSerialized(method, [])
                }
                #expect(misshapen?.details.map(\.reason) == ["CALL_DOES_NOT_FIT"])
            }
        }
    }

    @Test("A client says what the server has said in its HELLO", arguments: Carrier.allCases)
    func greeting(_ carrier: Carrier) async throws {
        var configuration = RPCServerConfiguration()
        configuration.agent = "a server, version 1"
        configuration.limits = try ConnectionLimits(statedCalls: 100)
        try await Connected.run(
            over: carrier,
            Counting().router,
            server: configuration
        ) { connected in
            try await connected.withClient { client in
                let greeting = try await client.greeting()
                #expect(greeting.agent == "a server, version 1")
                #expect(greeting.limits.maxCalls == 100)
                #expect(greeting.limits.maxFrameBytes == ConnectionLimits.default.maxFrameBytes)
                #expect(greeting.server == (try await client.connect()))
                // There is no TLS within a process.
                #expect(greeting.handshake?.peer == (carrier == .tls ? greeting.server : nil))
                await client.close()
                let closed = await #expect(throws: RPCError.self) { try await client.greeting() }
                #expect(closed?.details.map(\.reason) == ["CLIENT_CLOSED"])
            }
        }
    }
}
