/// A signature line of a note, by a known key or an unknown one, of any type.
///
/// Source: C2SP signed-note, «Format».
public struct NoteSignature: Hashable, Sendable {
    /// The name of the key.
    public let keyName: NoteKeyName

    /// The identifier of the key.
    public let keyID: NoteKeyID

    /// What the key's algorithm made of the note's text. At least one byte.
    public let signature: [UInt8]

    init(keyName: NoteKeyName, keyID: NoteKeyID, signature: [UInt8]) {
        self.keyName = keyName
        self.keyID = keyID
        self.signature = signature
    }

    /// The signature of a line without its newline; nil where it is no signature line.
    init?(line: ArraySlice<UInt8>) {
        let space = UInt8(ascii: " ")
        guard let content = line.after(Self.dash), let end = content.firstIndex(of: space),
            let keyName = NoteKeyName(utf8: Array(content[..<end])),
            let bytes = Base64.decode(content[(end + 1)...]), bytes.count > 4
        else { return nil }
        self.init(
            keyName: keyName,
            keyID: NoteKeyID(bigEndian: bytes.prefix(4)),
            signature: Array(bytes.dropFirst(4))
        )
    }

    /// The line without its newline.
    var line: [UInt8] {
        Self.dash + keyName.line.bytes + [UInt8(ascii: " ")]
            + Base64.encode(keyID.bytes + signature)
    }

    /// An em dash and a space.
    private static let dash = Array("\u{2014} ".utf8)
}
