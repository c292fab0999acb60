/// A text with signatures, as it came or as it was made; nothing about it is verified.
///
/// What was parsed serializes to the same bytes. Signatures by unknown keys and of unknown types are
/// kept.
///
/// Source: C2SP signed-note.
public struct SignedNote: Hashable, Sendable {
    /// The text that is signed: UTF-8 that ends with a newline.
    public let text: [UInt8]

    /// The signatures in the order of their lines. At least one.
    public private(set) var signatures: [NoteSignature]

    /// The note's bytes. They are made once: a checkpoint goes out with every receipt under it.
    public private(set) var serialized: [UInt8]

    /// Signs a text. It has to be UTF-8 without control characters, and to end with a newline.
    ///
    /// - Throws: ``NoteSigningError``.
    public init(
        text: [UInt8],
        signedBy first: NoteSigner,
        _ others: NoteSigner...
    ) throws(NoteSigningError) {
        do throws(NoteFormatError) {
            try Self.checkCharacters(of: text)
        } catch {
            throw .textUnacceptable(error)
        }
        self.text = text
        signatures = []
        serialized = text + [Self.newline]
        for signer in [first] + others { try sign(with: signer) }
    }

    /// Adds a signature by another key after those that are there.
    ///
    /// - Throws: ``NoteSigningError``.
    public mutating func sign(with signer: NoteSigner) throws(NoteSigningError) {
        guard signatures.count < LedgerLimits.maximumNoteSignatures else {
            throw .tooManySignatures(limit: LedgerLimits.maximumNoteSignatures)
        }
        let signature = try signer.signature(over: text)
        let line = signature.line + [Self.newline]
        let byteCount = serialized.count + line.count
        let limit = LedgerLimits.maximumNoteBytes
        guard byteCount <= limit else {
            throw .textUnacceptable(.tooLong(byteCount: byteCount, limit: limit))
        }
        signatures.append(signature)
        serialized += line
    }

    /// Parses a note.
    ///
    /// - Throws: ``NoteFormatError``.
    public init(parsing bytes: [UInt8]) throws(NoteFormatError) {
        try Self.checkCharacters(of: bytes)
        let newline = Self.newline
        // The last empty line; a text can have others.
        let end = bytes.indices.dropFirst().last {
            bytes[$0] == newline && bytes[$0 - 1] == newline
        }
        guard let end else { throw .noSignatureBlock }
        text = Array(bytes[..<end])
        signatures = []
        serialized = bytes
        let linesBefore = bytes[...end].count { $0 == newline }
        var lines = LineReader(bytes[(end + 1)...])
        while let line = lines.next() {
            guard signatures.count < LedgerLimits.maximumNoteSignatures else {
                throw .tooManySignatures(limit: LedgerLimits.maximumNoteSignatures)
            }
            guard let signature = NoteSignature(line: line) else {
                throw .malformedSignature(lineNumber: linesBefore + lines.lineNumber)
            }
            signatures.append(signature)
        }
        guard !signatures.isEmpty else { throw .noSignatures }
    }

    /// What holds for a note and for its text alike.
    private static func checkCharacters(of bytes: [UInt8]) throws(NoteFormatError) {
        let limit = LedgerLimits.maximumNoteBytes
        guard bytes.count <= limit else { throw .tooLong(byteCount: bytes.count, limit: limit) }
        if let offset = bytes.firstIndex(where: { $0 < 0x20 && $0 != newline }) {
            throw .controlCharacter(offset: offset)
        }
        guard String(validating: bytes, as: UTF8.self) != nil else { throw .notUTF8 }
        guard bytes.last == newline else { throw .unterminatedLine }
    }

    private static let newline = UInt8(ascii: "\n")
}
