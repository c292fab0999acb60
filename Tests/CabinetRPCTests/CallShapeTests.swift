import CabinetCodec
import CabinetRPC
import FixtureAPI
import Testing

/// The five shapes of a call, from a generated client to a generated handler, in both tiers.
@Suite struct CallShapeTests {
    enum Tier: CaseIterable {
        case handler, simpleHandler

        var loopback: Loopback {
            switch self {
            case .handler: Loopback(ContextualHandler())
            case .simpleHandler: Loopback(PlainHandler())
            }
        }

        var client: EverythingService.Client { EverythingService.Client(loopback) }
    }

    private static let scalars = [
        Scalars(aDouble: -0.5, anInt64: .min, aString: "erste Lesung", aColor: .blue),
        Scalars(),
        Scalars(aUint64: .max, aString: "nul\0é", someBytes: [0, 255], aColor: .unrecognized(99)),
    ]

    @Test("One request, one response", arguments: Tier.allCases)
    func unary(_ tier: Tier) async throws {
        for request in Self.scalars {
            let response = try await tier.client.unary(request)
            #expect(response.strings.first == request.aString)
            #expect(response.messages == [request])
        }
    }

    @Test("Many requests, one response", arguments: Tier.allCases)
    func clientStream(_ tier: Tier) async throws {
        let response = try await tier.client.clientStream { requests in
            for request in Self.scalars { try await requests.write(request) }
        }
        #expect(response.messages == Self.scalars)
    }

    @Test("No request, one response", arguments: Tier.allCases)
    func emptyClientStream(_ tier: Tier) async throws {
        let response = try await tier.client.clientStream { _ in }
        #expect(response.messages == [])
    }

    @Test("One request, many responses", arguments: Tier.allCases)
    func serverStream(_ tier: Tier) async throws {
        let responses = try await tier.client.serverStream(Repeated(messages: Self.scalars))
        #expect(try await collected(responses).prefix(3) == Self.scalars[...])
    }

    @Test("Many requests, many responses", arguments: Tier.allCases)
    func bidirectional(_ tier: Tier) async throws {
        let responses = try await tier.client.bidirectional { requests in
            for request in Self.scalars { try await requests.write(request) }
        }
        #expect(try await collected(responses).prefix(3) == Self.scalars[...])
    }

    @Test("One request, and the events of a channel")
    func channel() async throws {
        var loopback = Tier.simpleHandler.loopback
        let events = [
            Choices(before: "a", choice: .scalars(Self.scalars[0])),
            Choices(otherChoice: .self_("b")),
            Choices(after: "c"),
        ]
        for event in events { loopback.publish(event, on: "plain") }
        loopback.publish(Choices(before: "elsewhere"), on: "another")
        let client = EverythingService.Client(loopback)

        let all = try await collected(try await client.follow(Empty()))
        #expect(all.map(\.event) == events)
        #expect(all.map(\.token.sequence) == [1, 2, 3])
        #expect(all.allSatisfy { $0.token.epoch == Loopback.epoch })

        let rest = try await client.follow(Empty(), resumingAfter: all[0].token)
        #expect(try await collected(rest) == Array(all.dropFirst()))
    }

    @Test("The handler with context is given the method, the metadata, the key and the deadline")
    func context() async throws {
        let client = Tier.handler.client
        let key = try #require(IdempotencyKey([UInt8](1...16)))
        let options = CallOptions(
            timeout: .seconds(30),
            metadata: Metadata(entries: [MetadataEntry(name: "trace", value: [1, 2])]),
            idempotencyKey: key
        )
        func expected(_ method: String) -> [String] {
            [method, "trace=[1, 2]", "\(key.bytes)", "deadline"]
        }

        let unary = try await client.unary(Scalars(), options: options)
        #expect(unary.strings.dropFirst() == expected("1 fixture.EverythingService.Unary")[...])

        let clientStream = try await client.clientStream(options: options) { _ in }
        #expect(clientStream.strings == expected("2 fixture.EverythingService.ClientStream"))

        let serverStream = try await client.serverStream(Repeated(), options: options)
        #expect(
            try await collected(serverStream).map(\.aString)
                == expected("3 fixture.EverythingService.ServerStream")
        )
        let bidirectional = try await client.bidirectional(options: options) { _ in }
        #expect(
            try await collected(bidirectional).map(\.aString)
                == expected("59999 fixture.EverythingService.Bidirectional")
        )

        var loopback = Tier.handler.loopback
        let channel = expected("300 fixture.EverythingService.Follow").joined(separator: ", ")
        loopback.publish(Choices(before: "found"), on: channel)
        let subscription = try await EverythingService.Client(loopback)
            .follow(Empty(), options: options)
        #expect(try await collected(subscription).map(\.event.before) == ["found"])
    }

    @Test("A call without options has no key, no metadata and no deadline")
    func noOptions() async throws {
        let response = try await Tier.handler.client.unary(Scalars())
        #expect(
            response.strings == [
                "", "1 fixture.EverythingService.Unary", "", "no key", "no deadline",
            ]
        )
    }
}

/// All elements of a stream.
func collected<S: AsyncSequence>(_ stream: S) async throws -> [S.Element] {
    var elements: [S.Element] = []
    for try await element in stream { elements.append(element) }
    return elements
}
