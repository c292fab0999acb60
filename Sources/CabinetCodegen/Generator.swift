/// Writes the Swift of a schema.
public struct Generator {
    private let schema: Schema
    private let options: GeneratorOptions
    private let hash: [UInt8]
    private let descriptors: [SerializedFile]
    private let names: SwiftNames
    private let access: String

    /// - Parameters:
    ///   - hash: The hash of the schema, which the generated code makes known.
    ///   - descriptors: The files of the schema as protoc has them, which it holds for reflection.
    public init(
        schema: Schema,
        options: GeneratorOptions,
        hash: [UInt8],
        descriptors: [SerializedFile]
    ) {
        self.schema = schema
        self.options = options
        self.hash = hash
        self.descriptors = descriptors
        names = SwiftNames(schema)
        access = options.visibility == .internal ? "" : "\(options.visibility.rawValue) "
    }

    /// A file to be written; the path is relative to the output folder.
    public struct OutputFile: Sendable, Hashable {
        public var path: String
        public var content: String
    }

    /// A file of a schema, as a serialized `google.protobuf.FileDescriptorProto` in Base64.
    public struct SerializedFile: Sendable, Hashable {
        public var name: String
        public var base64: String
    }

    /// The Swift files of the schema.
    ///
    /// - Throws: ``CodegenError`` for a schema that is not supported.
    public func generate() throws(CodegenError) -> [OutputFile] {
        try SchemaValidator.validate(schema)
        try CNameValidator.validate(schema)
        try SwiftNameValidator.validate(schema, names: names, schemaName: options.schemaName)
        try ReferenceValidator.validate(
            schema,
            names: names,
            importsModules: !options.importedModules.isEmpty
        )
        var files: [OutputFile] = []
        for file in schema.filesToGenerate {
            if let path = file.messagesPath {
                files.append(OutputFile(path: swiftPath(path), content: messages(of: file)))
            }
            if let path = file.servicesPath, options.services != .none {
                files.append(OutputFile(path: swiftPath(path), content: services(of: file)))
            }
        }
        files.append(OutputFile(path: swiftPath("\(options.schemaName).swift"), content: summary()))
        return files
    }

    private func swiftPath(_ path: String) -> String {
        Self.path(path, in: options.swiftFolder)
    }

    static func path(_ path: String, in folder: String) -> String {
        folder.isEmpty ? path : "\(folder)/\(path)"
    }

    // MARK: - Files

    private func messages(of file: SchemaFile) -> String {
        var writer = SourceWriter()
        writeHeader("from \(file.name)", to: &writer)
        if !file.messages.isEmpty {
            writer.line("internal import \(options.cModule)")
        }
        writeImport("CabinetCodec", to: &writer)
        writeForeignImports(
            for: Schema.allMessages(of: [file]).flatMap(\.fields).compactMap { field in
                switch field.kind {
                case .message(let name), .enumeration(let name): name
                default: nil
                }
            },
            to: &writer
        )

        let enums = EnumGenerator(names: names, access: access)
        for type in file.enums {
            writer.line()
            enums.write(type, to: &writer)
        }
        let messages = MessageGenerator(schema: schema, names: names, access: access)
        for message in file.messages {
            writer.line()
            messages.write(message, to: &writer)
        }
        if !file.messages.isEmpty {
            writer.line()
            writer.line("// MARK: - Codec")
        }
        for message in file.messages {
            writer.line()
            messages.writeCodec(message, to: &writer)
        }
        return writer.text
    }

    private func services(of file: SchemaFile) -> String {
        var writer = SourceWriter()
        writeHeader("from \(file.name)", to: &writer)
        writeImport("CabinetRPC", to: &writer)
        writeForeignImports(
            for: file.services.flatMap(\.methods).flatMap { [$0.request, $0.response] },
            to: &writer
        )
        let generator = ServiceGenerator(names: names, access: access, sides: options.services)
        for service in file.services {
            writer.line()
            generator.write(service, of: file, to: &writer)
        }
        return writer.text
    }

    /// What is known of the schema as a whole.
    private func summary() -> String {
        let files = schema.filesToGenerate
        let messages = Schema.allMessages(of: files)
        let services = files.flatMap { file in
            file.services.map { SwiftNames.service($0, of: file) }
        }
        let hasServices = !services.isEmpty && options.services != .none

        var writer = SourceWriter()
        let source = files.count == 1 ? files[0].name : "\(files.count) files"
        writeHeader("from \(source)", to: &writer)
        writeImport("CabinetCodec", to: &writer)
        if hasServices { writeImport("CabinetRPC", to: &writer) }
        writer.line()
        writer.line("/// The schema that this module was generated from.")
        writer.block("\(access)enum \(options.schemaName)") { writer in
            writer.line("/// SHA-256 of the schema's descriptors, without comments.")
            writer.line("\(access)static let hash: [UInt8] = [")
            writer.indented { writer in
                for start in stride(from: 0, to: hash.count, by: 8) {
                    let bytes = hash[start..<min(start + 8, hash.count)].map(Self.hexadecimal)
                    writer.line(bytes.joined(separator: ", ") + ",")
                }
            }
            writer.line("]")
            writer.line()
            writer.line("/// Every message of the schema.")
            writer.line("\(access)static let messageTypes: [any Message.Type] = [")
            writer.indented { writer in
                for message in messages {
                    writer.line("\(names.qualified(message.declaration.fullName)).self,")
                }
            }
            writer.line("]")
            if hasServices {
                writer.line()
                writer.line("/// Every method of the schema.")
                writer.line("\(access)static let methods: [MethodDescription] =")
                writer.indented { writer in
                    for (index, service) in services.enumerated() {
                        writer.line("\(index == 0 ? "" : "+ ")\(service).Methods.all")
                    }
                }
            }
            writer.line()
            writeDescriptors(to: &writer)
        }
        return writer.text
    }

    private func writeDescriptors(to writer: inout SourceWriter) {
        writer.line(
            "/// The files of the schema, and those that they import, each behind those that it"
        )
        writer.line("/// imports itself; without comments.")
        writer.line("\(access)static let files: [SchemaFile] = [")
        writer.indented { writer in
            for file in descriptors {
                writer.line("SchemaFile(")
                writer.indented { writer in
                    writer.line("name: \"\(file.name)\",")
                    writer.line("base64: \"\"\"")
                    writer.indented { $0.wrapped(file.base64) }
                }
                writer.line("),")
            }
        }
        writer.line("]")
    }

    // MARK: - Parts

    private func writeHeader(_ source: String, to writer: inout SourceWriter) {
        writer.line("// Generated by protoc-gen-cabinet \(source). Do not edit.")
        writer.line("// swift-format-ignore-file")
        writer.line()
    }

    private func writeImport(_ module: String, to writer: inout SourceWriter) {
        guard module != options.swiftModule else { return }
        writer.line("\(options.visibility.rawValue) import \(module)")
    }

    /// Imports the modules of other schemas where one of the types is theirs.
    private func writeForeignImports(for types: [String], to writer: inout SourceWriter) {
        let own = Set(
            schema.filesToGenerate.flatMap(\.enums).map(\.declaration.fullName)
                + Schema.allMessages(of: schema.filesToGenerate).flatMap { message in
                    [message.declaration.fullName] + message.enums.map(\.declaration.fullName)
                }
        )
        guard types.contains(where: { !own.contains($0) }) else { return }
        for module in options.importedModules {
            writeImport(module, to: &writer)
        }
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return "0x" + (digits.count == 1 ? "0" : "") + digits
    }
}
