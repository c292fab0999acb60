/// The headers of a tar in the ustar format (POSIX.1-2017, pax, «ustar Interchange Format»), as a bundle
/// has them: regular files alone, of nobody and with one time, so that the same files give the same bytes.
enum TarFormat {
    /// Everything is counted in blocks.
    static let blockBytes = 512

    /// What is in front of a file.
    ///
    /// - Parameters:
    ///   - name: The folder and the path in it, of the characters of a ``BundlePath``.
    ///   - time: Seconds since 1970.
    /// - Returns: 512 bytes; `nil` where the name cannot be split into 155 and 100 bytes, or the size
    ///   has more than eleven octal digits.
    static func header(name: String, byteCount: Int, time: Int64) -> [UInt8]? {
        guard let (prefix, suffix) = split(name), let size = octal(byteCount, 11),
            let time = octal(Int(clamping: time), 11)
        else { return nil }
        var header = [UInt8](repeating: 0, count: blockBytes)
        func put(_ text: String, at offset: Int) {
            header.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
        }
        put(suffix, at: 0)
        put("0000644", at: 100)
        put("0000000", at: 108)
        put("0000000", at: 116)
        put(size, at: 124)
        put(time, at: 136)
        put("        ", at: 148)
        put("0", at: 156)
        put("ustar", at: 257)
        put("00", at: 263)
        put("0000000", at: 329)
        put("0000000", at: 337)
        put(prefix, at: 345)
        let sum = header.reduce(0) { $0 + Int($1) }
        guard let checksum = octal(sum, 6) else { return nil }
        put("\(checksum)\0 ", at: 148)
        return header
    }

    /// Zeros that fill up the last block of a file.
    static func paddingCount(after byteCount: Int) -> Int {
        (blockBytes - byteCount % blockBytes) % blockBytes
    }

    /// Two blocks of zeros.
    static let end = [UInt8](repeating: 0, count: 2 * blockBytes)

    /// - Returns: What goes before a «/» and what comes after it.
    private static func split(_ name: String) -> (String, String)? {
        if name.utf8.count <= 100 { return ("", name) }
        let cuts = name.indices.filter { name[$0] == "/" }
        for cut in cuts {
            let (prefix, suffix) = (name[..<cut], name[name.index(after: cut)...])
            if prefix.utf8.count <= 155, suffix.utf8.count <= 100 {
                return (String(prefix), String(suffix))
            }
        }
        return nil
    }

    private static func octal(_ number: Int, _ width: Int) -> String? {
        guard number >= 0 else { return nil }
        let digits = String(number, radix: 8)
        guard digits.utf8.count <= width else { return nil }
        return String(repeating: "0", count: width - digits.utf8.count) + digits
    }
}
