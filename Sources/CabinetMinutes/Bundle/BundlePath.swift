/// The place of a file in a bundle: one to four names, with «/» between them.
///
/// A name is 1…100 bytes of ASCII letters, digits, '-', '_' and '.', and begins with a letter or a
/// digit. So no name is «.» or «..», none is hidden, none needs escaping in a shell, and nothing that
/// a log says can lead out of the folder. What is longer than ``maximumBytes`` does not fit into a tar.
public struct BundlePath: Hashable, Sendable {
    /// Bytes of a whole path.
    public static let maximumBytes = 220
    /// Bytes of a name, which is what a tar has room for.
    static let maximumNameBytes = 100
    /// Names in a path: `polls/ID/ballots/FILE`.
    static let maximumNames = 4

    /// The path as it is written.
    public let text: String

    /// - Returns: `nil` where the text breaks the rule.
    public init?(_ text: String) {
        let names = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard text.utf8.count <= Self.maximumBytes, names.count <= Self.maximumNames,
            names.allSatisfy(Self.isName)
        else { return nil }
        self.text = text
    }

    /// Whether a name is one that a path can have.
    static func isName(_ name: some Collection<UInt8>) -> Bool {
        guard let first = name.first, name.count <= maximumNameBytes else { return false }
        return isLetterOrDigit(first) && name.allSatisfy { isLetterOrDigit($0) || isMark($0) }
    }

    /// The folders that the file is in, the outermost first.
    var folders: [String] {
        let names = text.split(separator: "/")
        return names.indices.dropFirst().map { names[..<$0].joined(separator: "/") }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    private static func isMark(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
    }
}

extension BundlePath: Comparable {
    /// By bytes: Swift's order of strings is that, where they are ASCII.
    public static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

extension BundlePath: CustomStringConvertible {
    public var description: String { text }
}
