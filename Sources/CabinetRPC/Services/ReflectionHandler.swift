public import CabinetCodec

/// Serves `cabinet.rpc.ReflectionService`: the methods of a server, by name, and the descriptors of
/// their messages, so that a tool can call a method that it was not built with.
///
/// A server that has ``RPCServerConfiguration/reflectedSchemas`` makes and serves one of all its
/// methods. What it tells is what the `.proto` files say without their comments, and which of the
/// services the server has.
public struct ReflectionHandler: ReflectionService.Handler {
    private enum Limit {
        static let nameBytes = 1_024
        /// A response stays within one TLS record.
        static let chunkBytes = 16_000
    }

    private let methods: [String: MethodInfo]
    private let services: [ServiceInfo]
    private let files: SchemaFiles

    /// - Parameters:
    ///   - methods: The methods that the server serves, as in ``MethodRouter/descriptions``. Those of
    ///     this service are added.
    ///   - schemas: The files of each schema: the `files` of the generated enums. Those of
    ///     ``RPCSchema`` are added.
    public init(methods: [MethodDescription], schemas: [[SchemaFile]]) {
        let infos = (methods + ReflectionService.Methods.all).map { MethodInfo($0) }
        self.methods = Dictionary(
            infos.map { ($0.name, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        services = Dictionary(grouping: self.methods.values, by: \.serviceName)
            .map { name, methods in
                ServiceInfo(name: name, methods: methods.sorted { $0.number < $1.number })
            }
            .sorted { $0.name < $1.name }
        files = SchemaFiles(schemas + [RPCSchema.files])
    }

    public func listServices(
        _ request: ListServicesRequest,
        to responses: MessageWriter<ListServicesResponse>,
        context: CallContext
    ) async throws {
        for service in services {
            try await responses.write(ListServicesResponse(service: service))
        }
    }

    public func getMethod(
        _ request: GetMethodRequest,
        context: CallContext
    ) async throws -> GetMethodResponse {
        try validate(request.name)
        guard let method = methods[request.name] else {
            throw RPCError.runtime(
                .notFound,
                "METHOD_UNKNOWN",
                "the server has no method of this name: the full name has package and service, as in "
                    + "cabinet.rpc.HealthService.Check"
            )
        }
        return GetMethodResponse(method: method)
    }

    public func getFileDescriptorSet(
        _ request: GetFileDescriptorSetRequest,
        to responses: MessageWriter<GetFileDescriptorSetResponse>,
        context: CallContext
    ) async throws {
        try validate(request.symbol)
        guard let set = files.fileDescriptorSet(for: request.symbol) else {
            throw RPCError.runtime(
                .notFound,
                "SYMBOL_UNKNOWN",
                "the schemas of the server declare no service, method, message or enum of this full "
                    + "name"
            )
        }
        for start in stride(from: 0, to: set.count, by: Limit.chunkBytes) {
            let chunk = Array(set[start..<min(start + Limit.chunkBytes, set.count)])
            try await responses.write(GetFileDescriptorSetResponse(chunk: chunk))
        }
    }

    private func validate(_ name: String) throws(RPCError) {
        guard name.utf8.count <= Limit.nameBytes else {
            throw .runtime(
                .invalidArgument,
                "NAME_TOO_LONG",
                "a full name has at most \(Limit.nameBytes) bytes"
            )
        }
    }
}

extension MethodInfo {
    init(_ method: MethodDescription) {
        self.init(
            name: method.name,
            number: UInt32(method.number),
            shape: MethodShape(method.kind),
            idempotency: Idempotency(method.idempotency),
            requestName: method.requestName,
            responseName: method.responseName
        )
    }

    /// The full name of the service: all before the last dot.
    fileprivate var serviceName: String {
        name.lastIndex(of: ".").map { String(name[..<$0]) } ?? ""
    }
}

extension MethodShape {
    fileprivate init(_ kind: MethodKind) {
        self =
            switch kind {
            case .unary: .unary
            case .clientStreaming: .clientStreaming
            case .serverStreaming: .serverStreaming
            case .bidirectional: .bidirectional
            case .channel: .channel
            }
    }
}

extension Idempotency {
    fileprivate init(_ idempotency: MethodIdempotency) {
        self =
            switch idempotency {
            case .unspecified: .unspecified
            case .safe: .safe
            case .keyed: .keyed
            }
    }
}
