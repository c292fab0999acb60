import CabinetRPC

/// What a server says of itself: its services, and the types of their messages.
struct ServerSchema: Sendable {
    /// More is no schema.
    private static let maxBytes = 16 << 20
    /// More is no list of a server's.
    static let maxServices = 256
    /// Of all services. A method has a number below 65,536.
    static let maxMethods = 4_096

    private let client: ReflectionService.Client
    private let options: CallOptions

    init(_ rpc: RPCClient, timeout: Duration) {
        client = ReflectionService.Client(rpc)
        options = CallOptions(timeout: timeout)
    }

    /// All services, in the order of their names.
    func services() async throws -> [ServiceInfo] {
        let responses = try await client.listServices(ListServicesRequest(), options: options)
        var list = ServiceList()
        for try await response in responses {
            if let service = response.service { try list.add(service) }
        }
        return list.services
    }

    /// The method with a full name, as `cabinet.v1.VotingService.CastBallot`.
    ///
    /// - Throws: ``Failure`` with the reason `METHOD_UNKNOWN`, which names those that may be meant.
    func method(_ name: String) async throws -> MethodInfo {
        do throws(RPCError) {
            let response = try await client.getMethod(
                GetMethodRequest(name: name),
                options: options
            )
            if let method = response.method { return method }
        } catch {
            guard error.code == .notFound else { throw error }
        }
        throw Failure(noMethod: name, among: try await services().flatMap(\.methods).map(\.name))
    }

    /// The types that a symbol needs, or all of them.
    ///
    /// - Parameter symbol: The full name of a service, method, message or enum.
    func descriptors(for symbol: String) async throws -> DescriptorSet {
        let responses = try await client.getFileDescriptorSet(
            GetFileDescriptorSetRequest(symbol: symbol),
            options: options
        )
        var bytes: [UInt8] = []
        for try await response in responses {
            bytes += response.chunk
            guard bytes.count <= Self.maxBytes else { throw Failure(schema: .tooLarge) }
        }
        do throws(DescriptorError) {
            return try DescriptorSet(serialized: bytes)
        } catch {
            throw Failure(schema: error)
        }
    }
}

/// The services of a server, as they come, and no more of them than a server has.
struct ServiceList {
    private(set) var services: [ServiceInfo] = []
    private var methodCount = 0

    /// - Throws: ``Failure`` with the reason `SCHEMA` where there are too many.
    mutating func add(_ service: ServiceInfo) throws(Failure) {
        methodCount += service.methods.count
        guard services.count < ServerSchema.maxServices, methodCount <= ServerSchema.maxMethods
        else { throw Failure(schema: .tooLarge) }
        services.append(service)
    }
}

extension Failure {
    init(schema error: DescriptorError) {
        self.init(
            .badData,
            "SCHEMA",
            Phrase(untranslated: "the server's own description cannot be used"),
            because: Phrase(untranslated: "\(error)")
        )
    }

    fileprivate init(noMethod name: String, among names: [String]) {
        let last =
            name.split(whereSeparator: { $0 == "." || $0 == "/" }).last.map(String.init) ?? ""
        let alike = names.filter { candidate in
            candidate.split(separator: ".").last.map { $0.lowercased() } == last.lowercased()
        }
        self.init(
            .usage,
            "METHOD_UNKNOWN",
            Phrase(untranslated: "the server has no method «\(name)»"),
            because: alike.isEmpty
                ? nil : Phrase(untranslated: "it has \(alike.joined(separator: ", "))"),
            advice: Phrase(untranslated: "«ecabinet call --list» says which there are"),
            attributes: [.init("method", .string(name))]
        )
    }
}
