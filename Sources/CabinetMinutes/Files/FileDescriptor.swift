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
