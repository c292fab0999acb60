/// Why bytes are not a checkpoint.
public enum CheckpointFormatError: Error, Hashable, Sendable {
    /// They are not a signed note.
    case note(NoteFormatError)

    /// The first line is empty.
    case malformedOrigin

    /// The second line is no decimal number up to ``LedgerLimits/maximumTreeSize``.
    case malformedTreeSize

    /// The third line is not the base64 of 32 bytes.
    case malformedRootHash

    /// An extension line is empty. The origin's line has number 1.
    case malformedExtension(lineNumber: Int)

    /// The last line of the text does not end with a newline.
    case unterminatedLine
}

extension CheckpointFormatError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .note(let error): "\(error)"
        case .malformedOrigin: "checkpoint has no origin in its first line"
        case .malformedTreeSize: "checkpoint has no tree size in its second line"
        case .malformedRootHash: "checkpoint has no root hash in its third line"
        case .malformedExtension(let number): "line \(number) of the checkpoint is empty"
        case .unterminatedLine: "checkpoint's text does not end with a newline"
        }
    }
}
