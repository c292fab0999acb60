#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// An open file or folder, closed when it is let go.
struct FileDescriptor: ~Copyable {
    enum Kind {
        case file(byteCount: Int)
        case folder
        case special
    }

    let number: Int32
    private let path: String

    /// Opens a file or a folder.
    ///
    /// - Parameters:
    ///   - name: In `folder`, or a path where there is none.
    ///   - path: For people.
    /// - Throws: ``MinutesFileError``.
    init(
        _ name: String,
        in folder: Int32? = nil,
        flags: Int32,
        mode: mode_t = 0o600,
        _ operation: MinutesFileError.Operation = .open,
        path: String
    ) throws(MinutesFileError) {
        let number = openat(folder ?? AT_FDCWD, name, flags | O_CLOEXEC, mode)
        guard number >= 0 else { throw MinutesFileError(operation, path, errno) }
        self.init(takingOver: number, path: path)
    }

    /// Takes over what is open.
    init(takingOver number: Int32, path: String) {
        self.number = number
        self.path = path
    }

    deinit {
        close(number)
    }

    /// What is open.
    func kind() throws(MinutesFileError) -> Kind {
        var status = stat()
        guard fstat(number, &status) == 0 else { throw MinutesFileError(.read, path, errno) }
        return switch status.st_mode & S_IFMT {
        case S_IFREG: .file(byteCount: Int(status.st_size))
        case S_IFDIR: .folder
        default: .special
        }
    }

    /// The whole file, if it has at most so many bytes.
    func contents(limit: Int) throws(MinutesFileError) -> [UInt8] {
        guard case .file(let byteCount) = try kind() else {
            throw .system(.read, path: path, code: EISDIR)
        }
        guard byteCount <= limit else { throw .tooLarge(path: path) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(byteCount)
        // A file that grows meanwhile is read to the limit, and is another then.
        while bytes.count <= limit {
            let part = try readPart()
            if part.isEmpty { return bytes }
            bytes += part
        }
        throw .tooLarge(path: path)
    }

    /// The names in a folder but for itself and the one above it, sorted.
    ///
    /// - Throws: ``MinutesFileError/tooLarge(path:)`` where there are more than the limit.
    func names(limit: Int) throws(MinutesFileError) -> [[UInt8]] {
        // The list takes over what it reads from.
        let copy = dup(number)
        guard copy >= 0, let list = fdopendir(copy) else {
            let code = errno
            if copy >= 0 { close(copy) }
            throw MinutesFileError(.read, path, code)
        }
        defer { closedir(list) }
        // Where the folder is read twice, the place in it is that of the first time.
        rewinddir(list)
        var names: [[UInt8]] = []
        while true {
            // Its end and an error look the same otherwise, and what was not read would not be missed.
            errno = 0
            guard let entry = readdir(list) else {
                let code = errno
                guard code == 0 else { throw MinutesFileError(.read, path, code) }
                break
            }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 1) { start in
                    [UInt8](
                        UnsafeRawBufferPointer(start: start, count: strlen(start))
                    )
                }
            }
            if name == Array(".".utf8) || name == Array("..".utf8) { continue }
            names.append(name)
            guard names.count <= limit else { throw .tooLarge(path: path) }
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }

    private func readPart() throws(MinutesFileError) -> [UInt8] {
        let capacity = 1 << 16
        while true {
            var code: Int32 = 0
            let part = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
                let result = read(number, buffer.baseAddress, capacity)
                code = result < 0 ? errno : 0
                count = max(0, result)
            }
            if code == 0 { return part }
            guard code == EINTR else { throw MinutesFileError(.read, path, code) }
        }
    }

    func write(_ bytes: [UInt8]) throws(MinutesFileError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            var code: Int32 = 0
            let count = rest.withUnsafeBytes { buffer in
                #if canImport(Darwin)
                    let result = Darwin.write(number, buffer.baseAddress, buffer.count)
                #elseif canImport(Musl)
                    let result = Musl.write(number, buffer.baseAddress, buffer.count)
                #else
                    let result = Glibc.write(number, buffer.baseAddress, buffer.count)
                #endif
                code = result < 0 ? errno : 0
                return max(0, result)
            }
            guard code == 0 || code == EINTR else { throw MinutesFileError(.write, path, code) }
            rest = rest.dropFirst(count)
        }
    }

    func synchronize() throws(MinutesFileError) {
        guard fsync(number) == 0 else { throw MinutesFileError(.synchronize, path, errno) }
    }
}
