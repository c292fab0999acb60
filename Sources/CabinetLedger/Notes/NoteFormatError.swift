/// Why bytes are not a signed note.
public enum NoteFormatError: Error, Hashable, Sendable {
    /// There are more bytes than ``LedgerLimits/maximumNoteBytes``.
    case tooLong(byteCount: Int, limit: Int)

    /// The bytes are no UTF-8.
    case notUTF8

    /// There is an ASCII control character other than newline at this offset.
    case controlCharacter(offset: Int)

    /// The last line does not end with a newline.
    case unterminatedLine

    /// There is no empty line after a text.
    case noSignatureBlock

    /// There are no signatures after the last empty line.
    case noSignatures

    /// There are more signatures than ``LedgerLimits/maximumNoteSignatures``.
    case tooManySignatures(limit: Int)

    /// A line after the last empty line is no signature. The note's first line has number 1.
    case malformedSignature(lineNumber: Int)
}

extension NoteFormatError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tooLong(let byteCount, let limit): "note of \(byteCount) bytes, the limit is \(limit)"
        case .notUTF8: "note is not UTF-8"
        case .controlCharacter(let offset): "note has a control character at byte \(offset)"
        case .unterminatedLine: "note does not end with a newline"
        case .noSignatureBlock: "note has no empty line between text and signatures"
        case .noSignatures: "note has no signatures"
        case .tooManySignatures(let limit): "note has more than \(limit) signatures"
        case .malformedSignature(let number): "line \(number) of the note is no signature line"
        }
    }
}
