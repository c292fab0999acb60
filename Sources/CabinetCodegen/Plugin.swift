internal import CDescriptorProto
internal import COpenSSL
internal import CProtobufC
internal import Foundation

/// The protoc plugin: a serialized `CodeGeneratorRequest` in, a `CodeGeneratorResponse` out.
public enum Plugin {
    private typealias CRequest = Google__Protobuf__Compiler__CodeGeneratorRequest
    private typealias CResponse = Google__Protobuf__Compiler__CodeGeneratorResponse

    /// Generates code for a request.
    ///
    /// What is wrong with the schema or the options is in the response, as protoc expects.
    ///
    /// - Throws: ``CodegenError`` where the request cannot be read: it did not come from protoc.
    public static func run(request bytes: [UInt8]) throws(CodegenError) -> [UInt8] {
        let memory = DescriptorMemory()
        let request = memory.unpack(bytes) {
            google__protobuf__compiler__code_generator_request__unpack($0, $1, $2)
        }
        guard let request, request.pointee.n_file_to_generate > 0 else {
            throw CodegenError(
                "standard input is no CodeGeneratorRequest: protoc runs this program, as in "
                    + "'protoc --cabinet_out=. --cabinet_opt=c_module=CExample example.proto'"
            )
        }
        do {
            return response(files: try generate(request, memory), error: nil)
        } catch {
            return response(files: [], error: "\(error)")
        }
    }

    private static func generate(
        _ request: UnsafeMutablePointer<CRequest>,
        _ memory: DescriptorMemory
    ) throws -> [Generator.OutputFile] {
        let options = try GeneratorOptions(
            parameter: SchemaReader.string(request.pointee.parameter)
        )
        let schema = schema(of: request)
        var files = try Generator(
            schema: schema,
            options: options,
            hash: schemaHash(of: request),
            descriptors: serializedFiles(of: request)
        ).generate()
        if !options.registryPath.isEmpty {
            files.append(try updatedRegistry(schema, at: options.registryPath))
        }
        return try files + generateC(request, memory, schema, options)
    }

    private static func schema(of request: UnsafeMutablePointer<CRequest>) -> Schema {
        let named = Set(
            (0..<request.pointee.n_file_to_generate).map {
                SchemaReader.string(request.pointee.file_to_generate[$0])
            }
        )
        let hasOptions = protoFiles(of: request).contains {
            SchemaReader.declaresOptions($0.pointee)
        }
        return Schema(
            files: protoFiles(of: request).map { file in
                SchemaReader.read(
                    file.pointee,
                    isToBeGenerated: named.contains(SchemaReader.string(file.pointee.name)),
                    hasOptions: hasOptions
                )
            }
        )
    }

    private static func protoFiles(
        of request: UnsafeMutablePointer<CRequest>
    ) -> [UnsafeMutablePointer<Google__Protobuf__FileDescriptorProto>] {
        (0..<request.pointee.n_proto_file).compactMap { request.pointee.proto_file[$0] }
    }

    /// SHA-256 over the descriptors of all files but protobuf's own, without comments: a schema that
    /// means the same has the same hash.
    private static func schemaHash(of request: UnsafeMutablePointer<CRequest>) -> [UInt8] {
        let descriptors = protoFiles(of: request)
            .map { (name: SchemaReader.string($0.pointee.name), file: $0) }
            .filter { !$0.name.hasPrefix("google/protobuf/") }
            .sorted { $0.name < $1.name }
            .flatMap { packedWithoutComments($0.file) }
        var digest = [UInt8](repeating: 0, count: 32)
        EVP_Digest(descriptors, descriptors.count, &digest, nil, EVP_sha256(), nil)
        return digest
    }

    /// All files, in the order of protoc: each behind those that it imports.
    private static func serializedFiles(
        of request: UnsafeMutablePointer<CRequest>
    ) -> [Generator.SerializedFile] {
        protoFiles(of: request).map { file in
            Generator.SerializedFile(
                name: SchemaReader.string(file.pointee.name),
                base64: Data(packedWithoutComments(file)).base64EncodedString()
            )
        }
    }

    private static func packedWithoutComments(
        _ file: UnsafeMutablePointer<Google__Protobuf__FileDescriptorProto>
    ) -> [UInt8] {
        let comments = file.pointee.source_code_info
        file.pointee.source_code_info = nil
        defer { file.pointee.source_code_info = comments }
        return packed(file)
    }

    // MARK: - Registry

    private static func updatedRegistry(
        _ schema: Schema,
        at path: String
    ) throws -> Generator.OutputFile {
        // A path that is misspelt must not be taken for a registry without methods.
        guard FileManager.default.fileExists(atPath: path) else {
            throw CodegenError(
                "the registry \(path) does not exist; an empty file begins one"
            )
        }
        let text = try String(contentsOfFile: path, encoding: .utf8)
        var registry = try MethodRegistry(text: text, path: path)
        try registry.record(schema.filesToGenerate.flatMap(\.services).flatMap(\.methods))
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return Generator.OutputFile(path: name, content: registry.text)
    }

    // MARK: - C

    /// Has protoc-gen-c write the C of the messages.
    private static func generateC(
        _ request: UnsafeMutablePointer<CRequest>,
        _ memory: DescriptorMemory,
        _ schema: Schema,
        _ options: GeneratorOptions
    ) throws -> [Generator.OutputFile] {
        let withMessages = Set(schema.files.filter { !$0.messages.isEmpty }.map(\.name))
        let names = schema.filesToGenerate.map(\.name).filter(withMessages.contains)
        guard !names.isEmpty else { return [] }

        var files: [String: String] = [:]
        for file in schema.files {
            for message in Schema.allMessages(of: [file]) {
                files[message.declaration.fullName] = file.name
            }
        }
        let rewriter = DescriptorRewriter(memory)
        // Those of proto2 are there for their options, as protobuf's own descriptor.proto.
        for file in protoFiles(of: request)
        where SchemaReader.string(file.pointee.syntax) == "proto3" {
            rewriter.rewrite(file, files: files)
        }
        for (index, name) in names.enumerated() {
            request.pointee.file_to_generate[index] = memory.string(name)
        }
        request.pointee.n_file_to_generate = names.count
        request.pointee.parameter = nil

        let bytes = try CPlugin.run(options.cPluginPath, request: packed(request))
        let response = memory.unpack(bytes) {
            google__protobuf__compiler__code_generator_response__unpack($0, $1, $2)
        }
        guard let response else {
            throw CodegenError("\(options.cPluginPath) wrote no CodeGeneratorResponse")
        }
        let error = SchemaReader.string(response.pointee.error)
        guard error.isEmpty else {
            throw CodegenError("\(options.cPluginPath): \(error)")
        }
        return (0..<response.pointee.n_file).compactMap { response.pointee.file[$0]?.pointee }.map {
            let name = SchemaReader.string($0.name)
            // The public headers of a Swift package's C target are in its folder `include`.
            let path = name.hasSuffix(".h") ? "include/\(name)" : name
            return Generator.OutputFile(
                path: Generator.path(path, in: options.cFolder),
                content: SchemaReader.string($0.content)
            )
        }
    }

    // MARK: - Packing

    private static func packed<C>(_ message: UnsafeMutablePointer<C>) -> [UInt8] {
        let base = UnsafeRawPointer(message).assumingMemoryBound(to: ProtobufCMessage.self)
        return [UInt8](
            unsafeUninitializedCapacity: protobuf_c_message_get_packed_size(base)
        ) { buffer, count in
            count = buffer.baseAddress.map { protobuf_c_message_pack(base, $0) } ?? 0
        }
    }

    private static func response(files: [Generator.OutputFile], error: String?) -> [UInt8] {
        typealias CFile = Google__Protobuf__Compiler__CodeGeneratorResponse__File

        let memory = DescriptorMemory()
        let response = memory.allocate(CResponse.self)
        google__protobuf__compiler__code_generator_response__init(response)
        response.pointee.has_supported_features = 1
        response.pointee.supported_features = UInt64(
            GOOGLE__PROTOBUF__COMPILER__CODE_GENERATOR_RESPONSE__FEATURE__FEATURE_PROTO3_OPTIONAL
                .rawValue
        )
        response.pointee.error = error.map(memory.string)
        let cFiles = memory.allocate(UnsafeMutablePointer<CFile>?.self, count: files.count)
        for (index, file) in files.enumerated() {
            let cFile = memory.allocate(CFile.self)
            google__protobuf__compiler__code_generator_response__file__init(cFile)
            cFile.pointee.name = memory.string(file.path)
            cFile.pointee.content = memory.string(file.content)
            (cFiles + index).initialize(to: cFile)
        }
        response.pointee.file = cFiles
        response.pointee.n_file = files.count
        return withExtendedLifetime(memory) { packed(response) }
    }
}
