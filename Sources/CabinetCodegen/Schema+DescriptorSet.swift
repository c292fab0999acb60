internal import CDescriptorProto

extension Schema {
    /// Reads a serialized `FileDescriptorSet`, such as `protoc --include_imports
    /// --descriptor_set_out` writes. Comments are there where `--include_source_info` was given too.
    ///
    /// - Throws: ``CodegenError`` where the bytes are no descriptor set.
    public init(fileDescriptorSet bytes: [UInt8]) throws(CodegenError) {
        let memory = DescriptorMemory()
        let set = memory.unpack(bytes) {
            google__protobuf__file_descriptor_set__unpack($0, $1, $2)
        }
        guard let set = set?.pointee else {
            throw CodegenError("the bytes are no FileDescriptorSet")
        }
        let all = (0..<set.n_file).compactMap { set.file[$0]?.pointee }
        let hasOptions = all.contains(where: SchemaReader.declaresOptions)
        files = all.map {
            SchemaReader.read($0, isToBeGenerated: true, hasOptions: hasOptions)
        }
    }
}
