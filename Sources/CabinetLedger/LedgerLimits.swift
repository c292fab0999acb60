/// What is refused before any work is done on it.
public enum LedgerLimits {
    /// The largest tree size that is signed, read or restored: 2^63 − 1, because other tools for
    /// transparency logs keep sizes in a signed 64-bit integer. Proofs are verified for any size.
    public static let maximumTreeSize = UInt64(Int64.max)

    /// The most hashes in a proof. A tree of 2^64 leaves is 64 levels high, and a consistency proof
    /// has at most one hash for each level and one to begin with.
    public static let maximumProofHashes = 65

    /// The longest entry, in bytes, as in `cabinet.v1.LedgerEntry`.
    public static let maximumEntryBytes = 12_288

    /// The longest signed note, in bytes. C2SP signed-note asks for room for 16 signatures, of
    /// which post-quantum ones take almost 7 kB each in base64. The API's limit is lower.
    public static let maximumNoteBytes = 131_072

    /// The most signatures on a note. C2SP signed-note asks for at least 16.
    public static let maximumNoteSignatures = 64

    /// The longest name of a note's key, and the longest origin of a log, in bytes of UTF-8.
    public static let maximumNameBytes = 1_024

    /// The longest verifier key, in bytes: the name, two plus signs, 8 digits of the key ID, and 44
    /// of base64.
    public static let maximumVerifierKeyBytes = maximumNameBytes + 2 + 8 + 44

    /// The most opaque extra data in a tlog-proof, in bytes before base64.
    public static let maximumExtraBytes = 65_536

    /// The longest tlog-proof, in bytes: all its parts at their limits.
    public static let maximumTlogProofBytes =
        maximumNoteBytes + (maximumExtraBytes + 2) / 3 * 4 + maximumProofHashes * 45 + 128
}
