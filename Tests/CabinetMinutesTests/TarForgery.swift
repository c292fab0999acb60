import Testing

@testable import CabinetMinutes

/// A tar that another program would unpack, and that is not the one of the minutes.
struct TarForgery: Sendable {
    let name: String
    /// What has to be said.
    let explanation: String
    let bytes: [UInt8]

    private static let folder = SampleMeeting.bundle.folderName
    private static let tar = try! SampleMeeting.bundle.tar()
    private static let files = SampleMeeting.bundle.files

    /// The bytes of a member: its header and its blocks.
    private static func member(
        _ name: String,
        _ bytes: [UInt8],
        type: Character = "0",
        time: Int64 = SampleMeeting.bundle.tarTime,
        change: (inout [UInt8]) -> Void = { _ in }
    ) -> [UInt8] {
        var header = TarFormat.header(name: name, byteCount: bytes.count, time: time)!
        header[156] = type.asciiValue!
        change(&header)
        header.replaceSubrange(148..<156, with: Array("        ".utf8))
        let digits = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
        let sum = String(repeating: "0", count: 6 - digits.count) + digits
        header.replaceSubrange(148..<156, with: Array("\(sum)\0 ".utf8))
        return header + bytes
            + [UInt8](repeating: 0, count: TarFormat.paddingCount(after: bytes.count))
    }

    private static func archive(_ files: [BundleFile]) -> [UInt8] {
        files.flatMap { member("\(folder)/\($0.path)", $0.bytes) } + TarFormat.end
    }

    private static let pax = member(
        "\(folder)/README.md",
        Array("20 path=/etc/passwd\n".utf8),
        type: "x"
    )

    static let all: [TarForgery] = [
        TarForgery(name: "pax header", explanation: "no regular file", bytes: pax + tar),
        TarForgery(
            name: "global pax header",
            explanation: "no regular file",
            bytes: member("\(folder)/README.md", [], type: "g") + tar
        ),
        TarForgery(
            name: "sparse file",
            explanation: "no regular file",
            bytes: member("\(folder)/README.md", [], type: "S") + tar
        ),
        TarForgery(
            name: "contiguous file",
            explanation: "no regular file",
            bytes: member("\(folder)/README.md", [], type: "7") + tar
        ),
        TarForgery(
            name: "other order",
            explanation: "not in its place",
            bytes: archive(files.reversed())
        ),
        TarForgery(
            name: "file twice",
            explanation: "not in its place",
            bytes: archive(files.prefix(1) + files)
        ),
        TarForgery(
            name: "file less",
            explanation: "missing",
            bytes: archive(Array(files.dropLast()))
        ),
        TarForgery(name: "bytes behind the end", explanation: "after its end", bytes: tar + [0]),
        TarForgery(
            name: "blocks behind the end",
            explanation: "after its end",
            bytes: tar + [UInt8](repeating: 0, count: 512)
        ),
        TarForgery(name: "no end", explanation: "ends within", bytes: tar.dropLast(1_024)),
        TarForgery(name: "half an end", explanation: "ends within", bytes: tar.dropLast(512)),
        TarForgery(
            name: "other folder",
            explanation: "another folder, or another time",
            bytes: files.flatMap { member("minutes-x/\($0.path)", $0.bytes) } + TarFormat.end
        ),
        TarForgery(
            name: "other time",
            explanation: "another folder, or another time",
            bytes: files.flatMap { member("\(folder)/\($0.path)", $0.bytes, time: 1) }
                + TarFormat.end
        ),
        TarForgery(
            name: "owner",
            explanation: "foreign",
            bytes: files.flatMap {
                member("\(folder)/\($0.path)", $0.bytes) { $0[265] = UInt8(ascii: "x") }
            } + TarFormat.end
        ),
        TarForgery(
            name: "bytes behind a file",
            explanation: "behind it in the tar",
            bytes: {
                var bytes = member("\(folder)/README.md", [1])
                bytes[513] = 1
                return bytes + TarFormat.end
            }()
        ),
    ]
}

extension TarForgery: CustomTestStringConvertible {
    var testDescription: String { name }
}
