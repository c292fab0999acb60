import CabinetAPI
import CabinetCodec
import CabinetRPC
import CabinetTLS
import FixtureAPI
import Foundation
import Testing

/// The reflection service, as a tool sees it that was built with none of the server's schemas.
@Suite struct ReflectionTests {
    /// Runs `body` with a client of a server with the diagnostics service that reflects its schemas.
    private func withReflection(
        over carrier: Carrier = .inProcess,
        _ schemas: [[SchemaFile]] = [CabinetSchema.files],
        _ body: (ReflectionService.Client, RPCClient) async throws -> Void
    ) async throws {
        var configuration = RPCServerConfiguration()
        configuration.reflectedSchemas = schemas
        configuration.health = HealthHandler()
        try await Connected.run(over: carrier, .diagnostics, server: configuration) { connected in
            try await connected.withClient { client in
                try await body(ReflectionService.Client(client), client)
            }
        }
    }

    private func descriptors(
        _ service: ReflectionService.Client,
        for symbol: String = ""
    ) async throws -> [UInt8] {
        let request = GetFileDescriptorSetRequest(symbol: symbol)
        var set: [UInt8] = []
        for try await response in try await service.getFileDescriptorSet(request) {
            #expect((1...16_000).contains(response.chunk.count))
            set += response.chunk
        }
        return set
    }

    @Test("It lists what the server serves, itself among it, and nothing else")
    func services() async throws {
        try await withReflection { service, _ in
            var methods: [String: [String]] = [:]
            for try await response in try await service.listServices(ListServicesRequest()) {
                let info = try #require(response.service)
                methods[info.name] = info.methods.map { "\($0.number) \($0.name)" }
            }
            #expect(
                methods == [
                    "cabinet.rpc.HealthService": [
                        "60000 cabinet.rpc.HealthService.Check",
                        "60001 cabinet.rpc.HealthService.Watch",
                    ],
                    "cabinet.rpc.ReflectionService": [
                        "60010 cabinet.rpc.ReflectionService.ListServices",
                        "60011 cabinet.rpc.ReflectionService.GetMethod",
                        "60012 cabinet.rpc.ReflectionService.GetFileDescriptorSet",
                    ],
                    "cabinet.v1.DiagnosticsService": [
                        "1 cabinet.v1.DiagnosticsService.Echo",
                        "2 cabinet.v1.DiagnosticsService.EchoCollect",
                        "3 cabinet.v1.DiagnosticsService.EchoRepeat",
                        "4 cabinet.v1.DiagnosticsService.EchoStream",
                        "5 cabinet.v1.DiagnosticsService.Sleep",
                        "6 cabinet.v1.DiagnosticsService.ReturnStatus",
                    ],
                ]
            )
        }
    }

    @Test(
        "A method that was found by name is described as the generated code describes it",
        arguments: DiagnosticsService.Methods.all + RPCSchema.methods
    )
    func method(_ method: MethodDescription) async throws {
        try await withReflection { service, _ in
            let response = try await service.getMethod(GetMethodRequest(name: method.name))
            #expect(response.method.flatMap { MethodDescription($0) } == method)
        }
    }

    @Test("Every shape and idempotency survives its description", arguments: FixtureSchema.methods)
    func description(_ method: MethodDescription) async throws {
        let handler = ReflectionHandler(methods: FixtureSchema.methods, schemas: [])
        let response = try await handler.getMethod(
            GetMethodRequest(name: method.name),
            context: CallContext(
                method: ReflectionService.Methods.getMethod.description,
                peer: PeerIdentity(subject: "CN=test", publicKeyFingerprint: .init(bytes: []))
            )
        )
        #expect(response.method.flatMap { MethodDescription($0) } == method)
    }

    @Test(
        "A description that no caller can use is none",
        arguments: [
            MethodInfo(name: "a.B.C", number: 0, shape: .unary),
            MethodInfo(name: "a.B.C", number: 65_536, shape: .unary),
            MethodInfo(name: "a.B.C", number: 1),
            MethodInfo(name: "a.B.C", number: 1, shape: MethodShape(rawValue: 9)),
            MethodInfo(
                name: "a.B.C",
                number: 1,
                shape: .unary,
                idempotency: Idempotency(rawValue: 9)
            ),
        ]
    )
    func uselessDescription(_ info: MethodInfo) {
        #expect(MethodDescription(info) == nil)
    }

    @Test(
        "A name that the server does not have is NOT_FOUND",
        arguments: ["cabinet.v1.VotingService.CastBallot", "Echo", "", ".", "cabinet.v1"]
    )
    func unknownMethod(_ name: String) async throws {
        try await withReflection { service, _ in
            let error = await #expect(throws: RPCError.self) {
                try await service.getMethod(GetMethodRequest(name: name))
            }
            #expect(error?.code == .notFound)
            #expect(error?.details.map(\.reason) == ["METHOD_UNKNOWN"])
        }
    }

    @Test(
        "A symbol that no schema declares is NOT_FOUND",
        arguments: ["cabinet.v1.Nothing", "cabinet.v1", "EchoRequest", ".cabinet.v1.EchoRequest"]
    )
    func unknownSymbol(_ symbol: String) async throws {
        try await withReflection { service, _ in
            let error = await #expect(throws: RPCError.self) {
                _ = try await descriptors(service, for: symbol)
            }
            #expect(error?.code == .notFound)
            #expect(error?.details.map(\.reason) == ["SYMBOL_UNKNOWN"])
        }
    }

    @Test("A name that is too long is refused")
    func longNames() async throws {
        let name = String(repeating: "n", count: 1_025)
        try await withReflection { service, _ in
            let error = await #expect(throws: RPCError.self) {
                try await service.getMethod(GetMethodRequest(name: name))
            }
            #expect(error?.code == .invalidArgument)
            let second = await #expect(throws: RPCError.self) {
                _ = try await descriptors(service, for: name)
            }
            #expect(second?.code == .invalidArgument)
        }
    }

    // MARK: - Descriptors

    private static let setType = "google.protobuf.FileDescriptorSet"

    @Test(
        "The descriptors of a symbol's file are those that protoc writes",
        arguments: [
            ("cabinet.v1.DiagnosticsService.Echo", "cabinet/v1/diagnostics.proto"),
            ("cabinet.v1.FollowMeetingResponse", "cabinet/v1/live.proto"),
            ("cabinet.v1.PollRule", "cabinet/v1/voting.proto"),
            ("cabinet.rpc.HealthService", "cabinet/rpc/health.proto"),
            ("cabinet.rpc.Code", "cabinet/rpc/wire.proto"),
            ("fixture.Outer.Inner.Depth", "fixture/everything.proto"),
        ]
    )
    func descriptors(_ symbol: String, _ file: String) async throws {
        let protoc = try OtherProtoc()
        try await withReflection([CabinetSchema.files, FixtureSchema.files]) { service, _ in
            let ours = try await descriptors(service, for: symbol)
            let theirs = try await protoc.descriptors(of: file)
            // protoc's own schema has to be known for the comparison.
            try protoc.know(
                try await protoc.descriptors(of: "google/protobuf/descriptor.proto")
            )
            let files = try await Self.files(protoc.decode(Self.setType, ours))
            let expected = try await Self.files(protoc.decode(Self.setType, theirs))
            #expect(files == expected)
            #expect(files.contains { $0.hasPrefix("  name: \"\(file)\"") })
        }
    }

    /// The files of a set in text format. protoc puts those that do not import each other in an order of
    /// its own.
    private static func files(_ text: String) -> Set<String> {
        Set(text.components(separatedBy: "file {\n").dropFirst())
    }

    @Test("Each file of a schema stands behind those that it imports")
    func order() {
        for schema in [CabinetSchema.files, FixtureSchema.files, RPCSchema.files] {
            var names: Set<String> = []
            for file in schema {
                #expect(names.isSuperset(of: file.contents.dependencies), "\(file.name)")
                names.insert(file.name)
            }
        }
    }

    @Test("Without a symbol come the files of all schemas, each once", arguments: Carrier.allCases)
    func allFiles(_ carrier: Carrier) async throws {
        let schemas = [CabinetSchema.files, FixtureSchema.files]
        let protoc = try OtherProtoc()
        try await withReflection(over: carrier, schemas) { service, _ in
            let set = try await descriptors(service)
            try protoc.know(set)
            let names = try await protoc.decode(Self.setType, set).split(separator: "\n")
                .filter { $0.hasPrefix("  name: ") }
                .map { String($0.dropFirst("  name: \"".count).dropLast()) }
            let expected = (schemas + [RPCSchema.files]).joined().map(\.name)
            #expect(Set(names) == Set(expected))
            #expect(names.count == Set(expected).count)
        }
    }

    @Test("The symbols of a file are all that it declares")
    func symbols() throws {
        let file = try #require(FixtureSchema.files.first { $0.name.hasSuffix("everything.proto") })
        let contents = file.contents
        #expect(contents.dependencies == ["cabinet/rpc/options.proto", "fixture/imported.proto"])
        let declared =
            FixtureSchema.messageTypes.map { $0.fullName }.filter { $0 != "fixture.Imported" }
            + FixtureSchema.methods.map(\.name)
            + [
                "fixture.Color", "fixture.Type", "fixture.Outer.Inner.Depth",
                "fixture.EverythingService",
            ]
        #expect(Set(contents.symbols) == Set(declared))
    }

    // MARK: - The whole way

    @Test("A program that knows no schema calls a method by its name", arguments: Carrier.allCases)
    func callByName(_ carrier: Carrier) async throws {
        let protoc = try OtherProtoc()
        try await withReflection(over: carrier) { service, client in
            let name = "cabinet.v1.DiagnosticsService.Echo"
            let found = try await service.getMethod(GetMethodRequest(name: name)).method
            let method = try #require(found.flatMap { MethodDescription($0) })
            try protoc.know(try await descriptors(service, for: method.name))
            let request = try await protoc.encode(method.requestName, #"payload: "27 members""#)
            let response = try await client.callSerialized(method, request)
            let text = try await protoc.decode(method.responseName, response)
            #expect(text == "payload: \"27 members\"\nserver_time_unix_ms: 1561348800000\n")
        }
    }

    @Test("A program that knows no schema reads a stream", arguments: Carrier.allCases)
    func streamByName(_ carrier: Carrier) async throws {
        let protoc = try OtherProtoc()
        try await withReflection(over: carrier) { service, client in
            let name = "cabinet.v1.DiagnosticsService.EchoRepeat"
            let found = try await service.getMethod(GetMethodRequest(name: name)).method
            let method = try #require(found.flatMap { MethodDescription($0) })
            try protoc.know(try await descriptors(service, for: method.name))
            let request = try await protoc.encode(
                method.requestName,
                #"payload: "p" response_count: 2 end_status { code: 9 reason: "POLL_NOT_OPEN" }"#
            )
            var responses = try await client.streamSerialized(method, request).makeAsyncIterator()
            for expected in ["payload: \"p\"\n", "number: 1\npayload: \"p\"\n"] {
                let response = try #require(try await responses.next())
                let text = try await protoc.decode(method.responseName, response)
                #expect(text == expected)
            }
            let error = await #expect(throws: RPCError.self) { try await responses.next() }
            #expect(error?.code == .failedPrecondition)
            #expect(error?.details.map(\.reason) == ["POLL_NOT_OPEN"])
        }
    }

    @Test("A call of serialized messages fails as a typed one does")
    func serializedErrors() async throws {
        try await withReflection { _, client in
            let returnStatus = DiagnosticsService.Methods.returnStatus.description
            let request = ReturnStatusRequest(status: RequestedStatus(code: 5, message: "gone"))
            let error = await #expect(throws: RPCError.self) {
                try await client.callSerialized(returnStatus, request.serialized())
            }
            #expect(error?.code == .notFound)
            #expect(error?.message == "gone")
            let malformed = await #expect(throws: RPCError.self) {
                try await client.callSerialized(returnStatus, [0xff])
            }
            #expect(malformed?.code == .invalidArgument)
            #expect(malformed?.details.map(\.reason) == ["MESSAGE_MALFORMED"])
            let misshapen = await #expect(throws: RPCError.self) {
                _ = try await client.streamSerialized(returnStatus, [])
            }
            #expect(misshapen?.details.map(\.reason) == ["CALL_DOES_NOT_FIT"])
            #expect(misshapen?.isNotProcessed == true)
        }
    }
}
