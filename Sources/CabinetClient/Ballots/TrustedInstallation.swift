public import CabinetCrypto
public import CabinetLedger
public import CabinetModel

/// The installation whose logs a client believes: its name and the public key that signs its logs, both
/// learnt from elsewhere than the server.
///
/// All logs of an installation are signed with one key, each under its own name, which is the
/// installation's name with the meeting's behind it.
public struct TrustedInstallation: Hashable, Sendable {
    /// What the origins of the logs begin with, as `cabinet.example`.
    public let name: NoteKeyName
    public let publicKey: Ed25519PublicKey

    public init(name: NoteKeyName, publicKey: Ed25519PublicKey) {
        self.name = name
        self.publicKey = publicKey
    }

    /// Parses what an operator hands out: a verifier key (C2SP signed-note) with the installation's name,
    /// as `cabinet.example+c74f20a3+AQ…`. It may have a line break at its end, as the file does that the
    /// server writes.
    ///
    /// - Throws: `VerifierKeyError`.
    public init(parsing text: String) throws(VerifierKeyError) {
        let line = text.last?.isNewline == true ? String(text.dropLast()) : text
        let key = try NoteVerifierKey(parsing: line)
        do throws(KeyError) {
            self.init(name: key.name, publicKey: try Ed25519PublicKey(key.publicKey.bytes))
        } catch {
            throw .invalidKey(error)
        }
    }

    /// What ``init(parsing:)`` reads.
    public var text: String { NoteVerifierKey(name: name, publicKey: publicKey).text }

    /// What verifies the log of a meeting.
    ///
    /// - Returns: `nil` where the two names together are too long for a log's.
    public func log(of meeting: MeetingID) -> TrustedLog? {
        NoteKeyName("\(name)/\(meeting)").map { TrustedLog(name: $0, publicKey: publicKey) }
    }
}

/// What verifies the log of one meeting.
public struct TrustedLog: Hashable, Sendable {
    /// The log's key, under the name of the log.
    public let key: NoteVerifierKey
    /// The first line of its checkpoints.
    public var origin: NoteLine { key.name.line }

    init(name: NoteKeyName, publicKey: Ed25519PublicKey) {
        key = NoteVerifierKey(name: name, publicKey: publicKey)
    }
}
