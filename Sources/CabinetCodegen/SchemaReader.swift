internal import CDescriptorProto
internal import CProtobufC

/// Reads protoc's descriptors, unpacked by protobuf-c, into a ``Schema``.
///
/// protoc wrote the descriptors, so they are taken to be well formed: names resolve, and indices are
/// in range.
struct SchemaReader {
    typealias CFile = Google__Protobuf__FileDescriptorProto
    typealias CMessage = Google__Protobuf__DescriptorProto
    typealias CField = Google__Protobuf__FieldDescriptorProto
    typealias CEnum = Google__Protobuf__EnumDescriptorProto
    typealias CService = Google__Protobuf__ServiceDescriptorProto
    typealias CMethod = Google__Protobuf__MethodDescriptorProto

    // Field numbers in descriptor.proto, of which the paths of source locations are made.
    private enum Path {
        static let fileMessage: Int32 = 4
        static let fileEnum: Int32 = 5
        static let fileService: Int32 = 6
        static let messageField: Int32 = 2
        static let messageNested: Int32 = 3
        static let messageEnum: Int32 = 4
        static let messageOneof: Int32 = 8
        static let enumValue: Int32 = 2
        static let serviceMethod: Int32 = 2
    }

    // Field numbers of the extensions in cabinet/rpc/options.proto.
    private enum Extension {
        static let methodID: UInt32 = 52001
        static let idempotency: UInt32 = 52002
        static let streamKind: UInt32 = 52003
        static let signed: UInt32 = 52001
    }

    private let fileName: String
    private let hasOptions: Bool
    private var locations: [[Int32]: Location] = [:]

    private struct Location {
        var place: SourcePlace
        var comment: [String]
    }

    /// - Parameter hasOptions: Whether cabinet/rpc/options.proto is among the files. Without it, the
    ///   numbers of its extensions mean something else, or nothing.
    static func read(_ file: CFile, isToBeGenerated: Bool, hasOptions: Bool) -> SchemaFile {
        let reader = SchemaReader(file, hasOptions: hasOptions)
        let package = string(file.package)
        return SchemaFile(
            name: string(file.name),
            package: package,
            syntax: file.syntax == nil ? "proto2" : string(file.syntax),
            swiftPrefix: file.options == nil ? "" : string(file.options.pointee.swift_prefix),
            dependencies: (0..<file.n_dependency).map { string(file.dependency[$0]) },
            isToBeGenerated: isToBeGenerated,
            messages: elements(file.message_type, file.n_message_type).map { index, message in
                reader.message(message, scope: package, path: [Path.fileMessage, index])
            },
            enums: elements(file.enum_type, file.n_enum_type).map { index, type in
                reader.enumeration(type, scope: package, path: [Path.fileEnum, index])
            },
            services: elements(file.service, file.n_service).map { index, service in
                reader.service(service, scope: package, path: [Path.fileService, index])
            }
        )
    }

    /// Whether a file declares the options of this protocol.
    static func declaresOptions(_ file: CFile) -> Bool {
        string(file.package) == "cabinet.rpc"
            && elements(file.extension, file.n_extension).contains {
                string($1.name) == "method_id"
                    && UInt32(bitPattern: $1.number) == Extension.methodID
            }
    }

    private init(_ file: CFile, hasOptions: Bool) {
        self.hasOptions = hasOptions
        fileName = Self.string(file.name)
        guard let info = file.source_code_info?.pointee else { return }
        for (_, location) in Self.elements(info.location, info.n_location) {
            // A span is start line, start column, [end line,] end column, counted from 0.
            guard location.n_span >= 2 else { continue }
            let path = (0..<location.n_path).map { location.path[$0] }
            locations[path] = Location(
                place: SourcePlace(
                    file: fileName,
                    line: Int(location.span[0]) + 1,
                    column: Int(location.span[1]) + 1
                ),
                comment: Self.comment(of: location)
            )
        }
    }

    // MARK: - Elements

    private func message(_ message: CMessage, scope: String, path: [Int32]) -> MessageType {
        let declaration = declaration(
            message.name,
            scope: scope,
            path: path,
            isDeprecated: message.options?.pointee.deprecated == 1
        )
        let scope = declaration.fullName
        let options = message.options
        let fields = Self.elements(message.field, message.n_field)
        let synthetic = Set(
            fields.compactMap { _, field in
                field.proto3_optional == 1 ? Int(field.oneof_index) : nil
            }
        )
        return MessageType(
            declaration: declaration,
            fields: fields.map { index, field in
                self.field(field, scope: scope, path: path + [Path.messageField, index])
            },
            oneofs: Self.elements(message.oneof_decl, message.n_oneof_decl).map { index, oneof in
                Oneof(
                    declaration: self.declaration(
                        oneof.name,
                        scope: scope,
                        path: path + [Path.messageOneof, index]
                    ),
                    isSynthetic: synthetic.contains(Int(index))
                )
            },
            messages: Self.elements(message.nested_type, message.n_nested_type).map {
                self.message($1, scope: scope, path: path + [Path.messageNested, $0])
            },
            enums: Self.elements(message.enum_type, message.n_enum_type).map {
                self.enumeration($1, scope: scope, path: path + [Path.messageEnum, $0])
            },
            isSigned: options.map { extensionValue(Extension.signed, of: $0) == 1 } ?? false,
            isMapEntry: options?.pointee.map_entry == 1
        )
    }

    private func field(_ field: CField, scope: String, path: [Int32]) -> Field {
        let isOptional = field.proto3_optional == 1
        return Field(
            declaration: declaration(
                field.name,
                scope: scope,
                path: path,
                isDeprecated: field.options?.pointee.deprecated == 1
            ),
            number: field.number,
            kind: Self.kind(of: field),
            isRepeated: field.label
                == GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__LABEL__LABEL_REPEATED,
            hasExplicitPresence: isOptional,
            oneofIndex: field.has_oneof_index == 1 && !isOptional ? Int(field.oneof_index) : nil
        )
    }

    private func enumeration(_ type: CEnum, scope: String, path: [Int32]) -> EnumType {
        EnumType(
            declaration: declaration(
                type.name,
                scope: scope,
                path: path,
                isDeprecated: type.options?.pointee.deprecated == 1
            ),
            values: Self.elements(type.value, type.n_value).map { index, value in
                EnumValue(
                    // The scope of a value is that of its enum, as in C++.
                    declaration: declaration(
                        value.name,
                        scope: scope,
                        path: path + [Path.enumValue, index],
                        isDeprecated: value.options?.pointee.deprecated == 1
                    ),
                    number: value.number
                )
            }
        )
    }

    private func service(_ service: CService, scope: String, path: [Int32]) -> Service {
        let declaration = declaration(
            service.name,
            scope: scope,
            path: path,
            isDeprecated: service.options?.pointee.deprecated == 1
        )
        return Service(
            declaration: declaration,
            methods: Self.elements(service.method, service.n_method).map { index, method in
                self.method(
                    method,
                    scope: declaration.fullName,
                    path: path + [Path.serviceMethod, index]
                )
            }
        )
    }

    private func method(_ method: CMethod, scope: String, path: [Int32]) -> Method {
        func option(_ number: UInt32) -> UInt64 {
            method.options.map { extensionValue(number, of: $0) } ?? 0
        }
        return Method(
            declaration: declaration(
                method.name,
                scope: scope,
                path: path,
                isDeprecated: method.options?.pointee.deprecated == 1
            ),
            request: Self.typeName(method.input_type),
            response: Self.typeName(method.output_type),
            isClientStreaming: method.client_streaming == 1,
            isServerStreaming: method.server_streaming == 1,
            number: option(Extension.methodID),
            idempotency: option(Extension.idempotency),
            streamKind: option(Extension.streamKind)
        )
    }

    private func declaration(
        _ name: UnsafePointer<CChar>?,
        scope: String,
        path: [Int32],
        isDeprecated: Bool = false
    ) -> Declaration {
        let name = Self.string(name)
        let location = locations[path]
        return Declaration(
            name: name,
            fullName: scope.isEmpty ? name : "\(scope).\(name)",
            comment: location?.comment ?? [],
            place: location?.place ?? SourcePlace(file: fileName, line: 1, column: 1),
            isDeprecated: isDeprecated
        )
    }

    // MARK: - C values

    private static func kind(of field: CField) -> Field.Kind {
        switch field.type {
        case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_DOUBLE: .double
        case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_FLOAT: .float
        case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_INT64: .int64
        case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_UINT64: .uint64
        case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_INT32: .int32
        case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_FIXED64: .fixed64
        case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_FIXED32: .fixed32
        case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_BOOL: .bool
        case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_STRING: .string
        case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_BYTES: .bytes
        case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_UINT32: .uint32
        case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_SFIXED32: .sfixed32
        case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_SFIXED64: .sfixed64
        case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_SINT32: .sint32
        case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_SINT64: .sint64
        case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_MESSAGE:
            .message(typeName(field.type_name))
        case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_ENUM:
            .enumeration(typeName(field.type_name))
        default: .group
        }
    }

    /// The value of an integer extension: protobuf-c keeps an extension as an unknown field.
    private func extensionValue<Options>(
        _ number: UInt32,
        of options: UnsafeMutablePointer<Options>
    ) -> UInt64 {
        guard hasOptions else { return 0 }
        let base = UnsafeRawPointer(options).assumingMemoryBound(to: ProtobufCMessage.self).pointee
        var value: UInt64 = 0
        for index in 0..<Int(base.n_unknown_fields) {
            let field = base.unknown_fields[index]
            guard field.tag == number, field.wire_type == PROTOBUF_C_WIRE_TYPE_VARINT else {
                continue
            }
            value = 0
            for (index, byte) in UnsafeBufferPointer(start: field.data, count: field.len)
                .prefix(10).enumerated()
            {
                value |= UInt64(byte & 0x7f) << UInt64(7 * index)
            }
        }
        return value
    }

    private static func elements<T>(
        _ elements: UnsafeMutablePointer<UnsafeMutablePointer<T>?>?,
        _ count: Int
    ) -> [(Int32, T)] {
        UnsafeBufferPointer(start: elements, count: count).enumerated().compactMap {
            index,
            element in
            element.map { (Int32(index), $0.pointee) }
        }
    }

    static func string(_ characters: UnsafePointer<CChar>?) -> String {
        characters.map { String(cString: $0) } ?? ""
    }

    private static func typeName(_ characters: UnsafePointer<CChar>?) -> String {
        // protoc writes a resolved name with a leading dot.
        String(string(characters).drop { $0 == "." })
    }

    /// The comment above an element, or the one behind it where there is none above.
    private static func comment(of location: Google__Protobuf__SourceCodeInfo__Location) -> [String]
    {
        let above = commentLines(string(location.leading_comments))
        return above.isEmpty ? commentLines(string(location.trailing_comments)) : above
    }

    /// The lines of a comment without the space after the slashes and without empty edges.
    private static func commentLines(_ comment: String) -> [String] {
        var lines = comment.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map
        { line in
            var line = line.first == " " ? line.dropFirst() : line
            while line.last?.isWhitespace == true { line.removeLast() }
            return String(line)
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        while lines.first?.isEmpty == true { lines.removeFirst() }
        return lines
    }
}
