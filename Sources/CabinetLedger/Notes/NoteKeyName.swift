/// The name of a key that signs notes: not empty, no Unicode space, no plus sign. It should be a
/// URL without a scheme, as `cabinet.example/2019-06-24`.
///
/// Source: C2SP signed-note, «Format».
public struct NoteKeyName: Hashable, Sendable {
    /// The name as a line, which it can be in a note's text.
    public let line: NoteLine

    /// The name with this text; nil where it is none, or is longer than
    /// ``LedgerLimits/maximumNameBytes``.
    public init?(_ text: String) {
        self.init(utf8: Array(text.utf8))
    }

    /// The name with these bytes; nil where they are none, or are more than
    /// ``LedgerLimits/maximumNameBytes``.
    public init?(utf8 bytes: [UInt8]) {
        guard bytes.count <= LedgerLimits.maximumNameBytes, let line = NoteLine(utf8: bytes),
            line.text.unicodeScalars.allSatisfy({ $0 != "+" && !$0.properties.isWhitespace })
        else { return nil }
        self.line = line
    }
}

extension NoteKeyName: CustomStringConvertible {
    public var description: String { line.text }
}
