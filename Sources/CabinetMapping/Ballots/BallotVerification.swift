public import CabinetAPI
public import CabinetCrypto
public import CabinetModel

extension VerifiedBallot {
    /// Verifies a ballot that a client sent: everything that can be said of it without the meeting.
    ///
    /// It is the expensive part of a ballot's way and depends on nothing that changes, not even on the
    /// time: the same bytes verify for ever. The verification threads do it. Whether the poll takes the
    /// ballot, and whether the key may sign for the member, is asked when the log is known not to have
    /// it: a ballot that counts gets its receipt also when its certificate has expired.
    ///
    /// - Parameters:
    ///   - ballot: As it came; `nil` where the request has none.
    ///   - purpose: That of the method.
    ///   - commandKey: The idempotency key of the call, which is the ballot's id.
    ///   - parseCertificate: Reads a certificate in DER. A server may keep those that it has read.
    /// - Throws: `Rejection`, the first of: `fieldInvalid`, `statementInvalid`, `ballotIDMismatch`,
    ///   `certificateInvalid`, `fieldInvalid` for a fingerprint that is not the key's,
    ///   `signatureInvalid`.
    public init(
        verifying ballot: SignedBallot?,
        as purpose: BallotPurpose,
        commandKey: CommandKey,
        parseCertificate: ([UInt8]) throws(KeyError) -> SignerCertificate = {
            bytes throws(KeyError) in
            try SignerCertificate(der: bytes)
        }
    ) throws(Rejection) {
        let parts: RecordedBallot
        do {
            parts = try nested("ballot", try RecordedBallot(required("", ballot)))
        } catch {
            throw error.rejection
        }
        let statement = try BallotStatement(serialized: parts.statement)
        guard statement.purpose.message == purpose else {
            throw .statementInvalid(rule: "purpose: it is that of the method")
        }
        guard CommandKey(statement.ballot) == commandKey else { throw .ballotIDMismatch }
        let certificate = try parts.certificate(parseCertificate)
        try parts.verifySignature(certificate.publicKey)
        self = try parts.ballot(statement)
    }

    /// A ballot of a log: what it says, without the signature being verified once more.
    ///
    /// - Throws: ``InvalidField``.
    init(recorded message: SignedBallot) throws(InvalidField) {
        let parts = try RecordedBallot(message)
        let statement = try nested("statement", try BallotStatement(parsing: parts.statement))
        do {
            self = try parts.ballot(statement)
        } catch {
            throw InvalidField("", error.description)
        }
    }

    /// Verifies once more what a log says was verified: as an auditor does, who trusts no server.
    ///
    /// When the certificate was valid is not asked again: that was the server's to see when the ballot
    /// came, a little before the time of its entry.
    ///
    /// - Throws: `Rejection.certificateInvalid`, `fieldInvalid`, `signatureInvalid`.
    public func verifySignature() throws(Rejection) {
        let parts = RecordedBallot(self)
        let certificate = try parts.certificate { bytes throws(KeyError) in
            try SignerCertificate(der: bytes)
        }
        try parts.verifySignature(certificate.publicKey)
    }

    /// What was signed: "e-cabinet/ballot/v1\n" ‖ statement. With a `DetachedSignature` of the ballot's
    /// certificate and signature it is what `openssl cms -verify` takes.
    public var signedMessage: [UInt8] { Domain.ballot + statementBytes }

    /// As it travels and is stored.
    public var message: SignedBallot {
        SignedBallot(
            statement: statementBytes,
            signature: signature,
            algorithm: SignatureAlgorithm(algorithm),
            keyFingerprint: keyFingerprint.bytes,
            certificate: certificate
        )
    }
}

/// The parts of a signed ballot, each within its bounds, and nothing verified.
private struct RecordedBallot {
    let statement: [UInt8]
    let signature: [UInt8]
    let algorithm: CabinetModel.SignatureAlgorithm
    let keyFingerprint: KeyFingerprint
    let certificate: [UInt8]

    init(_ message: SignedBallot) throws(InvalidField) {
        try Self.check("statement", message.statement, Limits.statementBytes)
        try Self.check("signature", message.signature, Limits.signatureBytes)
        algorithm = try field("algorithm", try known(message.algorithm))
        keyFingerprint = try field(
            "key_fingerprint",
            try KeyFingerprint(message.keyFingerprint)
        )
        try Self.check("certificate", message.certificate, Limits.certificateBytes)
        statement = message.statement
        signature = message.signature
        certificate = message.certificate
    }

    init(_ ballot: VerifiedBallot) {
        statement = ballot.statementBytes
        signature = ballot.signature
        algorithm = ballot.algorithm
        keyFingerprint = ballot.keyFingerprint
        certificate = ballot.certificate
    }

    private static func check(
        _ name: StaticString,
        _ bytes: [UInt8],
        _ bounds: ClosedRange<Int>
    ) throws(InvalidField) {
        guard bounds.contains(bytes.count) else {
            throw InvalidField(name, "there are 1 to \(bounds.upperBound) bytes")
        }
    }

    func certificate(
        _ parse: ([UInt8]) throws(KeyError) -> SignerCertificate
    ) throws(Rejection) -> SignerCertificate {
        do {
            return try parse(certificate)
        } catch {
            throw .certificateInvalid(rule: error.description)
        }
    }

    func verifySignature(_ key: PublicKey) throws(Rejection) {
        guard key.fingerprint.bytes == keyFingerprint.bytes else {
            throw .fieldInvalid(
                field: "ballot.key_fingerprint",
                rule: "it is the fingerprint of the certificate's key"
            )
        }
        guard key.algorithm.recorded == algorithm else { throw .signatureInvalid }
        do {
            try key.verify(signature, over: Domain.ballot + statement)
        } catch {
            throw .signatureInvalid
        }
    }

    /// The parts put together. Their bounds have been checked.
    func ballot(
        _ statement: CabinetModel.BallotStatement
    ) throws(Rejection) -> VerifiedBallot {
        do {
            return try VerifiedBallot(
                statement: statement,
                statementBytes: self.statement,
                signature: signature,
                algorithm: algorithm,
                keyFingerprint: keyFingerprint,
                certificate: certificate
            )
        } catch {
            throw .fieldInvalid(field: "ballot", rule: error.rule)
        }
    }
}
