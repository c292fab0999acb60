public import CabinetCrypto
internal import CabinetLedger
public import CabinetMapping
public import CabinetModel

/// What the installation signs its logs with, and how it names them.
public struct LogIdentity: Sendable {
    /// What the origins of all logs begin with: the name of the installation, such as
    /// `cabinet.example`.
    public let name: String
    private let sign: @Sendable ([UInt8]) throws(SigningError) -> [UInt8]
    private let verifier: Ed25519PublicKey
    private let publicKey: LogPublicKey

    /// - Parameters:
    ///   - name: A URL without a scheme that belongs to nobody else in the world.
    ///   - key: The log key: whoever has it can make up a log.
    /// - Throws: `InvalidValue` where a meeting's origin could be none, because the name is empty or too
    ///   long, or has other characters than an origin.
    public init(name: String, key: Ed25519PrivateKey) throws(InvalidValue) {
        try self.init(name: name, publicKey: key.ed25519PublicKey) { text throws(SigningError) in
            try key.sign(text)
        }
    }

    /// With a log key that is elsewhere, in hardware for example.
    ///
    /// - Parameter sign: Makes the Ed25519 signature of a text. Where it throws, the sequencer stops.
    /// - Throws: As ``init(name:key:)``.
    public init(
        name: String,
        publicKey: Ed25519PublicKey,
        sign: @escaping @Sendable ([UInt8]) throws(SigningError) -> [UInt8]
    ) throws(InvalidValue) {
        let longest = String(repeating: "x", count: Limits.identifierBytes.upperBound)
        guard !name.isEmpty, NoteKeyName("\(name)/\(longest)") != nil else {
            throw InvalidValue("the name of the installation is not empty and has no '+'")
        }
        _ = try LogOrigin("\(name)/\(longest)")
        self.name = name
        self.sign = sign
        verifier = publicKey
        self.publicKey = try LogPublicKey(publicKey.bytes)
    }

    /// What clients and auditors are given, by another way than this server: the public key as a verifier
    /// key (C2SP signed-note) with the name of the installation. A log's own key has the name of the log.
    public var verifierKey: String {
        guard let name = NoteKeyName(name) else {
            preconditionFailure("longer names with it were found to be names of keys")
        }
        return NoteVerifierKey(name: name, publicKey: verifier).text
    }

    /// What a meeting's log begins with.
    ///
    /// - Throws: `InvalidValue`; never for the identifier of a meeting.
    public func newLog(of meeting: MeetingID, epoch: Epoch) throws(InvalidValue) -> NewLog {
        NewLog(
            origin: try LogOrigin("\(name)/\(meeting)"),
            publicKey: publicKey,
            epoch: epoch
        )
    }

    /// Signs the checkpoints of a log; `nil` where the log was begun with another key, or under another
    /// name of the installation.
    func signer(of log: LogOpened) -> NoteSigner? {
        guard log.publicKey == publicKey, log.origin.text == "\(self.name)/\(log.meeting)",
            let name = NoteKeyName(log.origin.text)
        else { return nil }
        return NoteSigner(name: name, publicKey: verifier, sign: sign)
    }
}
