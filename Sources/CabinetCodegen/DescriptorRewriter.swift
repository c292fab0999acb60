internal import CDescriptorProto

/// Rewrites protoc's descriptors, in place, into ones from which protoc-gen-c makes C that this codec
/// can trust.
///
/// - proto3 becomes proto2, whose fields have a `has_` member, and thereby explicit presence.
///   protoc-gen-c 1.4 refuses proto3's `optional`.
/// - `string` becomes `bytes`: a C string ends at the first NUL, and is not checked.
/// - An enum becomes `int32`: the numbers are the same on the wire, and every number is representable.
/// - Repeated numbers are marked as packed, the default of proto3, unless the schema says otherwise.
/// - Services, options, extensions and comments go: the Swift code has them.
struct DescriptorRewriter {
    typealias File = UnsafeMutablePointer<Google__Protobuf__FileDescriptorProto>
    typealias Message = UnsafeMutablePointer<Google__Protobuf__DescriptorProto>
    typealias CField = UnsafeMutablePointer<Google__Protobuf__FieldDescriptorProto>

    private let memory: DescriptorMemory
    private let packedOptions: UnsafeMutablePointer<Google__Protobuf__FieldOptions>

    init(_ memory: DescriptorMemory) {
        self.memory = memory
        packedOptions = memory.allocate(Google__Protobuf__FieldOptions.self)
        google__protobuf__field_options__init(packedOptions)
        packedOptions.pointee.has_packed = 1
        packedOptions.pointee.packed = 1
    }

    /// - Parameter files: The file of each message, by the message's full name.
    func rewrite(_ file: File, files: [String: String]) {
        file.pointee.syntax = nil
        file.pointee.options = nil
        file.pointee.source_code_info = nil
        file.pointee.n_service = 0
        file.pointee.n_extension = 0
        file.pointee.n_enum_type = 0
        file.pointee.n_public_dependency = 0
        file.pointee.n_weak_dependency = 0

        for index in 0..<file.pointee.n_message_type {
            if let message = file.pointee.message_type[index] { rewrite(message) }
        }
        rewriteDependencies(of: file, files: files)
    }

    /// Makes the files whose messages are used the dependencies. Files that are imported for their
    /// enums, options or public imports have no C of their own, or none that is needed.
    private func rewriteDependencies(of file: File, files: [String: String]) {
        let messages = SchemaReader.read(
            file.pointee,
            isToBeGenerated: true,
            hasOptions: false
        ).messages
        var used: Set<String> = []
        for field in messages.flatMap(\.selfAndNested).flatMap(\.fields) {
            guard case .message(let type) = field.kind, let name = files[type] else { continue }
            used.insert(name)
        }
        used.remove(SchemaReader.string(file.pointee.name))
        let dependencies = memory.allocate(UnsafeMutablePointer<CChar>?.self, count: used.count)
        for (index, name) in used.sorted().enumerated() {
            (dependencies + index).initialize(to: memory.string(name))
        }
        file.pointee.dependency = dependencies
        file.pointee.n_dependency = used.count
    }

    private func rewrite(_ message: Message) {
        message.pointee.options = nil
        message.pointee.n_enum_type = 0
        message.pointee.n_extension = 0
        message.pointee.n_extension_range = 0

        // protoc puts the oneofs that it makes up for `optional` fields behind the others.
        var syntheticOneofs = 0
        for index in 0..<message.pointee.n_field {
            guard let field = message.pointee.field[index] else { continue }
            if field.pointee.proto3_optional == 1 { syntheticOneofs += 1 }
            rewrite(field)
        }
        message.pointee.n_oneof_decl -= syntheticOneofs
        for index in 0..<message.pointee.n_oneof_decl {
            message.pointee.oneof_decl[index]?.pointee.options = nil
        }
        for index in 0..<message.pointee.n_nested_type {
            if let nested = message.pointee.nested_type[index] { rewrite(nested) }
        }
    }

    private func rewrite(_ field: CField) {
        let isUnpacked =
            field.pointee.options?.pointee.has_packed == 1
            && field.pointee.options?.pointee.packed == 0
        field.pointee.options = nil
        field.pointee.json_name = nil
        let name = SchemaReader.string(field.pointee.name)
        if CNames.renamed(name) != name {
            field.pointee.name = memory.string(CNames.renamed(name))
        }
        if field.pointee.proto3_optional == 1 {
            field.pointee.has_oneof_index = 0
        }
        field.pointee.has_proto3_optional = 0
        field.pointee.proto3_optional = 0

        switch field.pointee.type {
        case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_STRING:
            field.pointee.type = GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_BYTES
        case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_ENUM:
            field.pointee.type = GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_INT32
            field.pointee.type_name = nil
        default:
            break
        }
        if field.pointee.label == GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__LABEL__LABEL_REPEATED,
            field.pointee.type != GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_BYTES,
            field.pointee.type != GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_MESSAGE,
            !isUnpacked
        {
            // One set of options serves all fields.
            field.pointee.options = packedOptions
        }
    }
}
