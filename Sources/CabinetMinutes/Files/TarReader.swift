/// Reads a tar as ``MinutesBundle/tar()`` writes it, and no other: every byte that is no file's content is
/// compared with the one that we would have written.
struct TarReader {
    private let bytes: [UInt8]
    private var offset = 0
    private var folder: String?
    private var time: Int64?
    private var last: BundlePath?
    private var contents = BundleContents()

    /// - Throws: ``TarError``.
    static func read(_ bytes: [UInt8]) throws(TarError) -> BundleContents {
        guard bytes.count <= MinutesLimits.tarBytes else { throw .tooLarge }
        var reader = TarReader(bytes: bytes)
        while try reader.readFile() {}
        guard reader.folder != nil else { throw .empty }
        return reader.contents
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// - Returns: Whether there was another file.
    private mutating func readFile() throws(TarError) -> Bool {
        let start = offset
        let header = try take(TarFormat.blockBytes)
        if header.allSatisfy({ $0 == 0 }) {
            try checkEnd(start)
            return false
        }
        let fields = try TarHeader(header, at: start)
        let path = try path(of: fields)
        guard fields.byteCount <= MinutesLimits.fileBytes else { throw .fileTooLong(fields.name) }
        let expected = TarFormat.header(
            name: fields.name,
            byteCount: fields.byteCount,
            time: time ?? fields.time
        )
        guard let expected, expected.elementsEqual(header) else { throw .foreign(fields.name) }
        time = fields.time
        contents.time = fields.time
        guard contents.files.count < MinutesLimits.fileCount else { throw .tooLarge }
        contents.files[path] = Array(try take(fields.byteCount))
        let padding = try take(TarFormat.paddingCount(after: fields.byteCount))
        if let other = padding.firstIndex(where: { $0 != 0 }) { throw .padding(offset: other) }
        return true
    }

    private mutating func path(of fields: TarHeader) throws(TarError) -> BundlePath {
        let names = fields.name.split(
            separator: "/",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        guard names.count == 2, BundlePath.isName(names[0].utf8),
            let path = BundlePath(String(names[1]))
        else { throw .name(fields.name) }
        guard fields.isRegularFile else { throw .notAFile(fields.name) }
        let own = String(names[0])
        guard folder ?? own == own else { throw .folders(fields.name) }
        folder = own
        contents.folderName = own
        guard last.map({ $0 < path }) ?? true else { throw .order(fields.name) }
        last = path
        return path
    }

    private func checkEnd(_ start: Int) throws(TarError) {
        let end = start + TarFormat.end.count
        guard bytes.count >= end else { throw .truncated(offset: bytes.count) }
        if let other = bytes[start...].firstIndex(where: { $0 != 0 }) {
            throw .padding(offset: other)
        }
        guard bytes.count == end else { throw .padding(offset: end) }
    }

    private mutating func take(_ count: Int) throws(TarError) -> ArraySlice<UInt8> {
        guard count <= bytes.count - offset else { throw .truncated(offset: bytes.count) }
        let part = bytes[offset..<offset + count]
        offset += count
        return part
    }
}

/// What a header says, true or not.
private struct TarHeader {
    let name: String
    let byteCount: Int
    let time: Int64
    let isRegularFile: Bool

    /// - Parameter header: 512 bytes.
    /// - Throws: ``TarError/header(offset:)``.
    init(_ header: ArraySlice<UInt8>, at offset: Int) throws(TarError) {
        let header = Array(header)
        let sum = header.enumerated().reduce(0) { sum, byte in
            sum + ((148..<156).contains(byte.offset) ? 0x20 : Int(byte.element))
        }
        guard let checksum = Self.octal(header[148..<154]), checksum == sum,
            header[257..<263].elementsEqual("ustar\0".utf8),
            let byteCount = Self.octal(header[124..<135]),
            let time = Self.octal(header[136..<147])
        else { throw .header(offset: offset) }
        let prefix = Self.text(header[345..<500])
        let suffix = Self.text(header[0..<100])
        name = prefix.isEmpty ? suffix : "\(prefix)/\(suffix)"
        self.byteCount = byteCount
        self.time = Int64(time)
        isRegularFile = header[156] == UInt8(ascii: "0")
    }

    private static func text(_ field: ArraySlice<UInt8>) -> String {
        String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// At most eleven digits: less than 2³⁴.
    private static func octal(_ field: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for digit in field {
            guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(digit) else { return nil }
            value = value << 3 | Int(digit & 7)
        }
        return value
    }
}
