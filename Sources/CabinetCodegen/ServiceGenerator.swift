/// Writes a service: the namespace with its methods, the client, and the protocols of a server.
struct ServiceGenerator {
    let names: SwiftNames
    let access: String
    let sides: GeneratorOptions.Services

    func write(_ service: Service, of file: SchemaFile, to writer: inout SourceWriter) {
        let name = SwiftNames.service(service, of: file)
        writeNamespace(service, name, to: &writer)
        if sides == .both || sides == .client {
            writer.line()
            writeClient(service, name, to: &writer)
        }
        if sides == .both || sides == .server {
            writer.line()
            writeHandler(service, name, to: &writer)
            writer.line()
            writeSimpleHandler(service, name, to: &writer)
        }
    }

    // MARK: - Namespace

    private func writeNamespace(_ service: Service, _ name: String, to writer: inout SourceWriter) {
        writer.documentation(service.declaration)
        writer.block("\(access)enum \(name)") { writer in
            writer.line("/// The full name of the service in its schema.")
            writer.line("\(access)static let fullName = \"\(service.declaration.fullName)\"")
            writer.line()
            writer.line("/// The methods, with their numbers on the wire.")
            writer.block("\(access)enum Methods") { writer in
                for method in service.methods {
                    writer.documentation(method.declaration)
                    writeDescriptor(of: method, to: &writer)
                    writer.line()
                }
                writer.line("/// All of them, in the order of the schema.")
                writer.list(
                    "\(access)static let all: [MethodDescription] = [",
                    service.methods.map {
                        "\(SwiftNames.method($0.declaration.name)).description"
                    },
                    "]"
                )
            }
        }
    }

    private func writeDescriptor(of method: Method, to writer: inout SourceWriter) {
        let name = SwiftNames.method(method.declaration.name)
        let opening = "\(access)static let \(name) = \(descriptorType(method))<"
        let types = [names.qualified(method.request), names.qualified(method.response)]
        let arguments = [
            "number: \(method.number)",
            "name: \"\(method.declaration.fullName)\"",
            "idempotency: .\(idempotency(method))",
        ]
        let oneLine = opening + types.joined(separator: ", ") + ">("
        if writer.fits(oneLine) {
            writer.list(oneLine, arguments, ")")
        } else {
            writer.line(opening)
            writer.indented { writer in
                writer.line(types[0] + ",")
                writer.line(types[1])
            }
            writer.list(">(", arguments, ")")
        }
    }

    private func descriptorType(_ method: Method) -> String {
        switch method.kind {
        case .unary: "UnaryMethod"
        case .clientStreaming: "ClientStreamingMethod"
        case .serverStreaming: "ServerStreamingMethod"
        case .bidirectional: "BidirectionalMethod"
        case .channel: "ChannelMethod"
        }
    }

    private func idempotency(_ method: Method) -> String {
        switch Method.Idempotency(rawValue: method.idempotency) {
        case .safe: "safe"
        case .keyed: "keyed"
        case .unspecified, nil: "unspecified"
        }
    }

    // MARK: - Client

    private func writeClient(_ service: Service, _ name: String, to writer: inout SourceWriter) {
        writer.block("extension \(name)") { writer in
            writer.line("/// Calls the service.")
            if service.declaration.isDeprecated { writer.deprecation() }
            writer.block("\(access)struct Client: Sendable") { writer in
                writer.line("private let caller: any RPCCaller")
                writer.line()
                writer.line("/// - Parameter caller: The connection that carries the calls.")
                writer.block("\(access)init(_ caller: any RPCCaller)") { writer in
                    writer.line("self.caller = caller")
                }
                for method in service.methods {
                    writer.line()
                    writeClientMethod(method, to: &writer)
                }
            }
        }
    }

    private func writeClientMethod(_ method: Method, to writer: inout SourceWriter) {
        let function = SwiftNames.method(method.declaration.name)
        let request = names.qualified(method.request)
        let response = names.qualified(method.response)
        let options = "options: CallOptions = CallOptions()"
        let descriptor = "Methods.\(SwiftNames.reference(function))"

        writer.documentation(method.declaration, hasAttribute: true)
        switch method.kind {
        case .unary:
            writer.list(
                "\(access)func \(function)(",
                ["_ request: \(request)", options],
                ") async throws(RPCError) -> \(response) {"
            )
            writeCall(["\(descriptor)", "request", "options: options"], to: &writer)
        case .serverStreaming:
            writer.list(
                "\(access)func \(function)(",
                ["_ request: \(request)", options],
                ") async throws(RPCError) -> MessageReader<\(response)> {"
            )
            writeCall(["\(descriptor)", "request", "options: options"], to: &writer)
        case .channel:
            writer.list(
                "\(access)func \(function)(",
                ["_ request: \(request)", "resumingAfter token: ResumeToken? = nil", options],
                ") async throws(RPCError) -> Subscription<\(response)> {"
            )
            writeCall(
                ["\(descriptor)", "request", "resumingAfter: token", "options: options"],
                to: &writer
            )
        case .clientStreaming:
            writer.list(
                "\(access)func \(function)(",
                [
                    options,
                    "requests: @Sendable @escaping (MessageWriter<\(request)>) async throws -> Void",
                ],
                ") async throws(RPCError) -> \(response) {"
            )
            writeCall(["\(descriptor)", "options: options", "requests: requests"], to: &writer)
        case .bidirectional:
            writer.list(
                "\(access)func \(function)(",
                [
                    options,
                    "requests: @Sendable @escaping (MessageWriter<\(request)>) async throws -> Void",
                ],
                ") async throws(RPCError) -> MessageReader<\(response)> {"
            )
            writeCall(["\(descriptor)", "options: options", "requests: requests"], to: &writer)
        }
        writer.line("}")
    }

    private func writeCall(_ arguments: [String], to writer: inout SourceWriter) {
        writer.indented { $0.list("try await caller.call(", arguments, ")") }
    }

    // MARK: - Server

    private func writeHandler(_ service: Service, _ name: String, to writer: inout SourceWriter) {
        writer.block("extension \(name)") { writer in
            writer.line(
                "/// Serves the calls, with the context of each: caller, deadline, metadata."
            )
            writer.block("\(access)protocol Handler: ServiceHandler") { writer in
                for (index, method) in service.methods.enumerated() {
                    if index > 0 { writer.line() }
                    writer.documentation(method.declaration)
                    let signature = signature(of: method, withContext: true)
                    writer.list(signature.opening, signature.parameters, signature.closing)
                }
            }
        }
        writer.line()
        writer.block("extension \(name).Handler") { writer in
            writer.block(
                "\(access)func register(with registrar: inout some MethodRegistrar)"
            ) { writer in
                for method in service.methods {
                    let function = SwiftNames.method(method.declaration.name)
                    let arguments = streamParameters(method).map(\.name) + ["context"]
                    let call = streamParameters(method).map(\.argument) + ["context: context"]
                    writer.list(
                        "registrar.register(",
                        ["\(name).Methods.\(function)"],
                        ") { \(arguments.joined(separator: ", ")) in"
                    )
                    writer.indented { $0.list("try await self.\(function)(", call, ")") }
                    writer.line("}")
                }
            }
        }
    }

    private func writeSimpleHandler(
        _ service: Service,
        _ name: String,
        to writer: inout SourceWriter
    ) {
        writer.block("extension \(name)") { writer in
            writer.line("/// Serves the calls where nothing but the messages matters.")
            writer.block("\(access)protocol SimpleHandler: Handler") { writer in
                for (index, method) in service.methods.enumerated() {
                    if index > 0 { writer.line() }
                    writer.documentation(method.declaration)
                    let signature = signature(of: method, withContext: false)
                    writer.list(signature.opening, signature.parameters, signature.closing)
                }
            }
        }
        writer.line()
        writer.block("extension \(name).SimpleHandler") { writer in
            for (index, method) in service.methods.enumerated() {
                if index > 0 { writer.line() }
                let signature = signature(of: method, withContext: true)
                writer.list(
                    access + signature.opening,
                    signature.parameters,
                    signature.closing + " {"
                )
                let call = streamParameters(method).map(\.argument).joined(separator: ", ")
                writer.indented {
                    $0.line("try await \(SwiftNames.method(method.declaration.name))(\(call))")
                }
                writer.line("}")
            }
        }
    }

    /// A parameter of a handler's method: its declaration, its name, and how it is passed on.
    private struct Parameter {
        var declaration: String
        var name: String
        var argument: String
    }

    private func streamParameters(_ method: Method) -> [Parameter] {
        let request = names.qualified(method.request)
        let response = names.qualified(method.response)
        var parameters = [
            method.isClientStreaming
                ? Parameter(
                    declaration: "_ requests: MessageReader<\(request)>",
                    name: "requests",
                    argument: "requests"
                )
                : Parameter(
                    declaration: "_ request: \(request)",
                    name: "request",
                    argument: "request"
                )
        ]
        if method.kind == .serverStreaming || method.kind == .bidirectional {
            parameters.append(
                Parameter(
                    declaration: "to responses: MessageWriter<\(response)>",
                    name: "responses",
                    argument: "to: responses"
                )
            )
        }
        return parameters
    }

    private func signature(
        of method: Method,
        withContext: Bool
    ) -> (opening: String, parameters: [String], closing: String) {
        let response = names.qualified(method.response)
        let result =
            switch method.kind {
            case .unary, .clientStreaming: " -> \(response)"
            case .serverStreaming, .bidirectional: ""
            case .channel: " -> ChannelSubscription<\(response)>"
            }
        return (
            "func \(SwiftNames.method(method.declaration.name))(",
            streamParameters(method).map(\.declaration)
                + (withContext ? ["context: CallContext"] : []),
            ") async throws\(result)"
        )
    }
}
