import CabinetRPC
import CabinetTexts

/// What a server says of a service, a method, a message or an enum, as it is printed.
struct SymbolDescription: Report {
    private enum Subject {
        case service(ServiceInfo)
        case method(MethodInfo)
        case message(MessageShape)
        case enumeration(EnumShape)
    }

    private let subject: Subject
    private let types: DescriptorSet

    private init(_ subject: Subject, _ types: DescriptorSet) {
        self.subject = subject
        self.types = types
    }

    /// - Throws: ``Failure`` where the server knows nothing of that name.
    static func of(_ name: String, in schema: ServerSchema) async throws -> SymbolDescription {
        let services = try await schema.services()
        if let service = services.first(where: { $0.name == name }) {
            return SymbolDescription(.service(service), DescriptorSet())
        }
        let types: DescriptorSet
        do {
            types = try await schema.descriptors(for: name)
        } catch let error as RPCError where error.code == .notFound {
            throw Failure(
                .usage,
                "SYMBOL_UNKNOWN",
                Phrase(untranslated: "the server knows nothing of the name «\(name)»"),
                advice: Phrase(
                    untranslated:
                        "give the full name; «ecabinet call --list» begins with the methods"
                )
            )
        }
        if let method = services.flatMap(\.methods).first(where: { $0.name == name }) {
            return SymbolDescription(.method(method), types)
        }
        if let message = types.messages[name] { return SymbolDescription(.message(message), types) }
        if let found = types.enums[name] { return SymbolDescription(.enumeration(found), types) }
        throw Failure(schema: .unknownType(name))
    }

    // MARK: - JSON

    var json: JSONValue {
        switch subject {
        case .service(let service):
            .object([
                .init("service", .string(service.name)),
                .init("methods", .array(service.methods.map(\.json))),
            ])
        case .method(let method):
            .object([
                .init("method", method.json),
                .init("request", types.messages[method.requestName]?.json ?? .null),
                .init("response", types.messages[method.responseName]?.json ?? .null),
            ])
        case .message(let message): message.json
        case .enumeration(let found):
            .object([
                .init("enum", .string(found.name)),
                .init(
                    "values",
                    .array(
                        found.values.map {
                            .object([
                                .init("name", .string($0.name)),
                                .init("number", .integer(Int64($0.number))),
                            ])
                        }
                    )
                ),
            ])
        }
    }

    // MARK: - For people

    func lines(_ style: Style, _ language: Language) -> [String] {
        switch subject {
        case .service(let service):
            return ["service \(style.paint(service.name.sanitized, .bold)) {"]
                + service.methods.map { "  " + $0.declaration } + ["}"]
        case .method(let method):
            let messages = [method.requestName, method.responseName].compactMap {
                types.messages[$0]
            }
            return [style.paint(method.declaration, .bold)]
                + messages.flatMap { [""] + $0.lines(style) }
        case .message(let message): return message.lines(style)
        case .enumeration(let found):
            return ["enum \(style.paint(found.name, .bold)) {"]
                + found.values.map { "  \($0.name) = \($0.number);" } + ["}"]
        }
    }
}

extension MethodInfo {
    fileprivate var declaration: String {
        let short = name.split(separator: ".").last.map(String.init) ?? name
        let stream = shape == .unary ? "" : "\(shapeName.replacing("_", with: " ")) "
        let text =
            "rpc \(short)(\(requestName)) returns (\(stream)\(responseName));"
            + "  // number \(number), \(idempotencyName)"
        return text.sanitized
    }
}

extension MessageShape {
    fileprivate var json: JSONValue {
        .object([
            .init("message", .string(name)),
            .init(
                "fields",
                .array(
                    fields.map { field in
                        .object([
                            .init("name", .string(field.name)),
                            .init("number", .integer(Int64(field.number))),
                            .init("type", .string(field.kind.name)),
                            .init("is_repeated", .bool(field.isRepeated)),
                            .init("oneof", .optional(oneof(of: field))),
                        ])
                    }
                )
            ),
        ])
    }

    /// The oneof that a field is in; one that an `optional` field alone is in has a name that begins with
    /// `_`, and is none of the schema's own.
    private func oneof(of field: FieldShape) -> String? {
        guard let index = field.oneof, oneofs.indices.contains(index) else { return nil }
        let name = oneofs[index]
        return name == "_\(field.name)" ? nil : name
    }

    fileprivate func lines(_ style: Style) -> [String] {
        ["message \(style.paint(name, .bold)) {"]
            + fields.map { field in
                let repeated = field.isRepeated ? "repeated " : ""
                let oneof = oneof(of: field).map { "  // one of \($0)" } ?? ""
                return "  \(repeated)\(field.kind.name) \(field.name) = \(field.number);"
                    + style.paint(oneof, .dim)
            } + ["}"]
    }
}

extension FieldShape.Kind {
    /// As the schema writes it.
    fileprivate var name: String {
        switch self {
        case .message(let name), .enumeration(let name): name
        default: "\(self)"
        }
    }
}
