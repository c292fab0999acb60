internal import CabinetCodec

/// The files of the schemas that a server reflects, each behind those that it imports.
struct SchemaFiles: Sendable {
    private struct File: Sendable {
        var serialized: [UInt8]
        /// The places of the files that it imports, directly or not, and its own: in order.
        var closure: [Int]
    }

    private var files: [File] = []
    /// The place of the file that declares a symbol.
    private var places: [String: Int] = [:]

    /// - Parameter schemas: Of files with one name, which several schemas import, the first is kept.
    init(_ schemas: [[SchemaFile]]) {
        var names: [String: Int] = [:]
        for file in schemas.joined() where names[file.name] == nil {
            let place = files.count
            let contents = file.contents
            let imported = contents.dependencies.compactMap { names[$0] }
            let closure = imported.reduce(into: Set([place])) { closure, dependency in
                closure.formUnion(files[dependency].closure)
            }
            names[file.name] = place
            files.append(File(serialized: file.serialized, closure: closure.sorted()))
            for symbol in contents.symbols { places[symbol] = place }
        }
    }

    /// A serialized `google.protobuf.FileDescriptorSet` of all files, for an empty symbol, or of those
    /// that a symbol needs; `nil` where none declares it.
    func fileDescriptorSet(for symbol: String) -> [UInt8]? {
        if symbol.isEmpty { return set(of: files.indices) }
        return places[symbol].map { set(of: files[$0].closure) }
    }

    private func set(of places: some Sequence<Int>) -> [UInt8] {
        var bytes: [UInt8] = []
        for place in places {
            let file = files[place].serialized
            // FileDescriptorSet has one field, `repeated FileDescriptorProto file = 1`.
            bytes.append(1 << 3 | 2)
            var length = file.count
            while length > 0x7f {
                bytes.append(UInt8(truncatingIfNeeded: length) | 0x80)
                length >>= 7
            }
            bytes.append(UInt8(truncatingIfNeeded: length))
            bytes += file
        }
        return bytes
    }
}
