internal import Glibc

/// A file of `/proc`.
enum ProcFile {
    /// `/proc/stat` of a machine with hundreds of cores has less.
    private static let maximumBytes = 1 << 18

    /// What is in it, up to ``maximumBytes``; `nil` where it cannot be read.
    static func text(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        while bytes.count < maximumBytes {
            let chunk = [UInt8](unsafeUninitializedCapacity: 4_096) { buffer, count in
                count = max(0, read(descriptor, buffer.baseAddress, buffer.count))
            }
            guard !chunk.isEmpty else { break }
            bytes += chunk
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
