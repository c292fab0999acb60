/// Writes the Swift struct of a message, and its way to and from the C struct.
struct MessageGenerator {
    let names: SwiftNames
    let access: String
    /// The first case of each enum: the default of a field.
    let zeroValues: [String: String]

    init(schema: Schema, names: SwiftNames, access: String) {
        self.names = names
        self.access = access
        var zeroValues: [String: String] = [:]
        let enums =
            schema.files.flatMap(\.enums)
            + Schema.allMessages(of: schema.files).flatMap(\.enums)
        for type in enums {
            guard let zero = type.values.first(where: { $0.number == 0 }) else { continue }
            zeroValues[type.declaration.fullName] = SwiftNames.enumCase(
                zero.declaration.name,
                of: type.declaration.name
            )
        }
        self.zeroValues = zeroValues
    }

    /// A property of the struct: a field on its own, or a `oneof` with its fields.
    private enum Property {
        case field(FieldGenerator)
        case oneof(Oneof, [FieldGenerator])

        var declaration: Declaration {
            switch self {
            case .field(let field): field.field.declaration
            case .oneof(let oneof, _): oneof.declaration
            }
        }

        var name: String { SwiftNames.property(declaration.name) }

        var reference: String { SwiftNames.reference(name) }

        var type: String {
            switch self {
            case .field(let field): field.type
            case .oneof(let oneof, _): SwiftNames.oneofType(oneof.declaration.name) + "?"
            }
        }

        var defaultValue: String {
            switch self {
            case .field(let field): field.defaultValue
            case .oneof: "nil"
            }
        }
    }

    /// In the order of the schema; a `oneof` stands where its first field does.
    private func properties(of message: MessageType) -> [Property] {
        var properties: [Property] = []
        var written: Set<Int> = []
        let fields = message.fields.map {
            FieldGenerator(field: $0, names: names, zeroValues: zeroValues)
        }
        for field in fields {
            guard let index = field.field.oneofIndex else {
                properties.append(.field(field))
                continue
            }
            if written.insert(index).inserted {
                properties.append(
                    .oneof(message.oneofs[index], fields.filter { $0.field.oneofIndex == index })
                )
            }
        }
        return properties
    }

    // MARK: - The value type

    func write(_ message: MessageType, to writer: inout SourceWriter) {
        let properties = properties(of: message)
        let name = names.declared(message.declaration.fullName)

        writer.documentation(message.declaration)
        writer.block("\(access)struct \(name): Message") { writer in
            writeProperties(properties, to: &writer)
            for case .oneof(let oneof, let fields) in properties {
                writeOneof(oneof, fields, to: &writer)
                writer.line()
            }
            let enums = EnumGenerator(names: names, access: access)
            for nested in message.enums {
                enums.write(nested, to: &writer)
                writer.line()
            }
            for nested in message.messages {
                write(nested, to: &writer)
                writer.line()
            }
            writer.line("\(access)init() {}")
            if !properties.isEmpty {
                writer.line()
                writeMemberwiseInitializer(properties, to: &writer)
            }
        }
    }

    /// Writes the stored properties, with empty lines around those that have documentation.
    private func writeProperties(_ properties: [Property], to writer: inout SourceWriter) {
        func isDocumented(_ property: Property) -> Bool {
            !property.declaration.comment.isEmpty || property.declaration.isDeprecated
        }
        for (index, property) in properties.enumerated() {
            if index > 0, isDocumented(property) || isDocumented(properties[index - 1]) {
                writer.line()
            }
            writer.documentation(property.declaration)
            writer.line(
                "\(access)var \(property.name): \(property.type) = \(property.defaultValue)"
            )
        }
        if !properties.isEmpty { writer.line() }
    }

    private func writeMemberwiseInitializer(
        _ properties: [Property],
        to writer: inout SourceWriter
    ) {
        writer.line("/// A message with these fields, and those left out at their default.")
        writer.list(
            "\(access)init(",
            properties.map { "\($0.name): \($0.type) = \($0.defaultValue)" },
            ") {"
        )
        writer.indented { writer in
            for property in properties {
                writer.line("self.\(property.reference) = \(property.name)")
            }
        }
        writer.line("}")
    }

    private func writeOneof(
        _ oneof: Oneof,
        _ fields: [FieldGenerator],
        to writer: inout SourceWriter
    ) {
        writer.documentation(oneof.declaration)
        let name = SwiftNames.oneofType(oneof.declaration.name)
        writer.block("\(access)enum \(name): Hashable, Sendable") { writer in
            for field in fields {
                writer.documentation(field.field.declaration)
                writer.line("case \(field.property)(\(field.elementType))")
            }
        }
    }

    // MARK: - The codec

    /// Writes the extensions that connect a message, and those nested in it, to the C structs.
    func writeCodec(_ message: MessageType, to writer: inout SourceWriter) {
        let fullName = message.declaration.fullName
        let properties = properties(of: message)

        writer.block("extension \(names.qualified(fullName))") { writer in
            writer.line("\(access)static let fullName = \"\(fullName)\"")
            if message.isSigned {
                writer.line()
                writer.line("\(access)static let refusesUnknownFields = true")
            }
            writer.line()
            writer.list(
                "\(access)static let _descriptor = MessageDescriptor(",
                ["of: \(CNames.structure(fullName)).self"],
                ") {"
            )
            writer.indented { $0.line("\(CNames.functionPrefix(fullName))__init($0)") }
            writer.line("}")
            writer.line()
            writeDecoding(properties, fullName, to: &writer)
            writer.line()
            writeEncoding(properties, fullName, to: &writer)
        }
        for nested in message.messages {
            writer.line()
            writeCodec(nested, to: &writer)
        }
    }

    private func writeDecoding(
        _ properties: [Property],
        _ fullName: String,
        to writer: inout SourceWriter
    ) {
        let signature = "\(access)init(_decoding raw: RawMessage) throws(MessageDecodingError)"
        guard !properties.isEmpty else {
            writer.line(signature + " {}")
            return
        }
        writer.block(signature) { writer in
            writer.line("let c = raw.bound(to: \(CNames.structure(fullName)).self)")
            for property in properties {
                switch property {
                case .field(let field):
                    field.decode(to: &writer)
                case .oneof(let oneof, let fields):
                    let oneofCase = CNames.oneofCase(oneof.declaration.name)
                    writer.line("switch c.pointee.\(oneofCase).rawValue {")
                    for field in fields {
                        writer.line("case \(field.field.number):")
                        writer.indented {
                            writeDecoding(of: field, to: "self.\(property.reference)", &$0)
                        }
                    }
                    writer.line("default: break")
                    writer.line("}")
                }
            }
        }
    }

    /// Writes how a member of a `oneof` is read, which is set.
    private func writeDecoding(
        of member: FieldGenerator,
        to property: String,
        _ writer: inout SourceWriter
    ) {
        let assignment = "\(property) = .\(member.reference)("
        if member.field.isMessage {
            writer.line("let value = ", member.decodedElement)
            writer.line("\(assignment)value ?? \(member.elementType)())")
        } else {
            writer.line(assignment, member.decodedElement, ")")
        }
    }

    private func writeEncoding(
        _ properties: [Property],
        _ fullName: String,
        to writer: inout SourceWriter
    ) {
        writer.block("\(access)func _encode(in arena: EncodingArena) -> RawMessage") { writer in
            writer.line("let c = arena.allocate(\(CNames.structure(fullName)).self)")
            writer.line("\(CNames.functionPrefix(fullName))__init(c)")
            for property in properties {
                switch property {
                case .field(let field):
                    field.encode(to: &writer)
                case .oneof(let oneof, let fields):
                    let oneofCase = CNames.oneofCase(oneof.declaration.name)
                    writer.line("switch self.\(property.reference) {")
                    for field in fields {
                        writer.line("case .\(field.reference)(let value):")
                        writer.indented { writer in
                            writer.line(
                                "c.pointee.\(oneofCase) = .init(rawValue: \(field.field.number))"
                            )
                            field.assign("value", to: &writer)
                        }
                    }
                    writer.line("case nil: break")
                    writer.line("}")
                }
            }
            writer.line("return RawMessage(c)")
        }
    }
}
