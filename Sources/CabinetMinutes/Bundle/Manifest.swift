internal import CabinetCrypto

/// The digests of all files of a bundle but its own, as `sha256sum` writes and checks them:
///
///     64 digits of SHA-256, two spaces, the path, a newline
///
/// sorted by path. It says whether the files are those that were written, and not by whom.
struct Manifest: Sendable {
    static let name = "manifest"

    /// A line that is none, by its number.
    struct MalformedLine: Error, Hashable {
        let number: Int
    }

    private(set) var digests: [(path: BundlePath, digest: SHA256Digest)] = []

    init(of files: [BundleFile]) {
        digests = files.map { ($0.path, SHA256.digest(of: $0.bytes)) }
    }

    /// Reads a manifest.
    ///
    /// - Throws: ``MalformedLine``: one of another form, out of order, or without its newline.
    init(parsing bytes: [UInt8]) throws(MalformedLine) {
        var number = 0
        var rest = bytes[...]
        while !rest.isEmpty {
            number += 1
            guard let end = rest.firstIndex(of: UInt8(ascii: "\n")),
                let (path, digest) = Self.line(rest[..<end]),
                digests.last.map({ $0.path < path }) ?? true, number <= MinutesLimits.fileCount
            else { throw MalformedLine(number: number) }
            digests.append((path, digest))
            rest = rest[rest.index(after: end)...]
        }
    }

    /// The bytes of the file.
    var file: [UInt8] {
        digests.flatMap { Array("\($0.digest)  \($0.path)\n".utf8) }
    }

    private static let digits = 2 * SHA256Digest.byteCount

    private static func line(_ line: ArraySlice<UInt8>) -> (BundlePath, SHA256Digest)? {
        let name = line.dropFirst(digits)
        guard name.starts(with: "  ".utf8),
            let text = String(validating: name.dropFirst(2), as: UTF8.self),
            let path = BundlePath(text), let bytes = hexadecimalBytes(line.prefix(digits)),
            let digest = SHA256Digest(bytes)
        else { return nil }
        return (path, digest)
    }

    /// The bytes of lower-case digits; `nil` where there is anything else.
    private static func hexadecimalBytes(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var high: UInt8?
        for character in text {
            let value: UInt8
            switch character {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = character - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = character - UInt8(ascii: "a") + 10
            default: return nil
            }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return high == nil ? bytes : nil
    }
}
