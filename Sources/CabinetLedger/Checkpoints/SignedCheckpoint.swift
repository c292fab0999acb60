/// A checkpoint with signatures, as it came or as it was made. Nothing about it is verified; that
/// is what ``verified(origin:logKey:otherKeys:)`` is for.
///
/// Source: C2SP tlog-checkpoint.
public struct SignedCheckpoint: Hashable, Sendable {
    /// The note, with all its signatures.
    public let note: SignedNote

    /// What the note says, true or not.
    public let unverified: Checkpoint

    /// Signs a checkpoint. The log's key goes first, and should be named as the origin.
    ///
    /// The caller answers for the rule that no log signs a checkpoint which is inconsistent with
    /// one that it has signed.
    ///
    /// - Throws: ``NoteSigningError``.
    public init(_ checkpoint: Checkpoint, signedBy signer: NoteSigner) throws(NoteSigningError) {
        note = try SignedNote(text: checkpoint.noteText, signedBy: signer)
        unverified = checkpoint
    }

    /// The checkpoint of a note.
    ///
    /// - Throws: ``CheckpointFormatError``.
    public init(_ note: SignedNote) throws(CheckpointFormatError) {
        self.note = note
        unverified = try Checkpoint(parsing: note.text)
    }

    /// Parses a checkpoint with its signatures.
    ///
    /// - Throws: ``CheckpointFormatError``.
    public init(parsing bytes: [UInt8]) throws(CheckpointFormatError) {
        let note: SignedNote
        do throws(NoteFormatError) {
            note = try SignedNote(parsing: bytes)
        } catch {
            throw .note(error)
        }
        try self.init(note)
    }

    /// The bytes: what ``init(parsing:)`` read.
    public var serialized: [UInt8] { note.serialized }

    /// The checkpoint, if it is that log's and signed with that log's key.
    ///
    /// - Parameters:
    ///   - origin: the log's name.
    ///   - logKey: the log's key. Its signature has to be there.
    ///   - otherKeys: keys of witnesses, or of the log's earlier years. Their signatures may be
    ///     there, and are verified if they are.
    /// - Throws: ``CheckpointVerificationError``.
    public func verified(
        origin: NoteLine,
        logKey: NoteVerifierKey,
        otherKeys: [NoteVerifierKey] = []
    ) throws(CheckpointVerificationError) -> VerifiedCheckpoint {
        guard unverified.origin == origin else {
            throw .wrongOrigin(found: unverified.origin, expected: origin)
        }
        let signers: [NoteVerifierKey]
        do throws(NoteVerificationError) {
            signers = try note.verify(with: [logKey] + otherKeys)
        } catch {
            throw .note(error)
        }
        guard signers.contains(logKey) else { throw .notSignedByLog(logKey.name, logKey.id) }
        return VerifiedCheckpoint(checkpoint: unverified, signers: signers)
    }
}

/// Why a checkpoint is not to be believed.
public enum CheckpointVerificationError: Error, Hashable, Sendable {
    /// It is another log's.
    case wrongOrigin(found: NoteLine, expected: NoteLine)

    /// The signatures are wrong or by unknown keys.
    case note(NoteVerificationError)

    /// Other known keys have signed it, but the log's has not.
    case notSignedByLog(NoteKeyName, NoteKeyID)
}

extension CheckpointVerificationError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .wrongOrigin(let found, let expected):
            "checkpoint of the log «\(found)», expected was «\(expected)»"
        case .note(let error): "\(error)"
        case .notSignedByLog(let name, let id):
            "checkpoint has no signature by the log's key \(name)+\(id)"
        }
    }
}
