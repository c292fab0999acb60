/// A line of a note's text: at least one byte of UTF-8, no ASCII control character, no newline.
///
/// A log's origin is one. Two lines are equal where their bytes are; Swift's strings would take
/// different bytes of the same characters for equal, and what is signed is bytes.
public struct NoteLine: Hashable, Sendable {
    /// The line's UTF-8, without a newline.
    public let bytes: [UInt8]

    /// The line with this text; nil where it is empty or has a control character below U+0020.
    public init?(_ text: String) {
        self.init(utf8: Array(text.utf8))
    }

    /// The line with these bytes; nil where they are none, no UTF-8, or have a control character.
    public init?(utf8 bytes: [UInt8]) {
        guard !bytes.isEmpty, bytes.allSatisfy({ $0 >= 0x20 }),
            String(validating: bytes, as: UTF8.self) != nil
        else { return nil }
        self.bytes = bytes
    }

    /// The line as a string, for people.
    public var text: String {
        String(decoding: bytes, as: UTF8.self)
    }
}

extension NoteLine: CustomStringConvertible {
    public var description: String { text }
}
