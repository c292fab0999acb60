internal import CabinetAPI
public import CabinetCrypto
public import CabinetLedger
internal import CabinetMapping
public import CabinetModel

/// A ballot that is in the log, with the proof. There is no other way to get one than from a receipt of
/// which every part was verified: whoever has one may be told «you have voted».
public struct ProvenBallot: Hashable, Sendable {
    /// What the member signed.
    public let statement: CabinetModel.BallotStatement
    /// Where it attended from when the ballot was entered; `nil` for the choice in a tie.
    public let place: CabinetModel.Place?
    /// When it was entered, by the server's clock.
    public let time: Moment
    /// The proof, for the member to keep.
    public let receipt: VerifiedReceipt
    /// As it is in the log.
    let ballot: VerifiedBallot

    /// Verifies a receipt: that the log's key has signed the checkpoint, that the entry is under it, and
    /// that the entry is a ballot. The ballot's own signature is not verified: ``verifySignature()``.
    ///
    /// - Throws: ``ReceiptProblem``.
    init(
        verifying receipt: CabinetLedger.Receipt,
        in log: TrustedLog
    ) throws(ReceiptProblem) {
        let verified: VerifiedReceipt
        do throws(ReceiptError) {
            verified = try receipt.verified(origin: log.origin, logKey: log.key)
        } catch {
            throw .receipt(error)
        }
        let entry: Entry
        do throws(EntryError) {
            var coding = EntryCoding()
            entry = try coding.parse(verified.entry, at: verified.index)
        } catch {
            throw .entry(error)
        }
        switch entry.body {
        case .ballotCast(let ballot, let place):
            self.ballot = ballot
            self.place = place
        case .tieDecided(let ballot):
            self.ballot = ballot
            place = nil
        case .fact, .verdictReached:
            throw .noBallot
        }
        statement = ballot.statement
        time = entry.time
        self.receipt = verified
    }

    /// Verifies the receipt of a ballot that was sent.
    ///
    /// The entry has the same statement, signed with the same key. Its signature is another one where the
    /// member had signed the statement before, as ECDSA has many for the same bytes.
    ///
    /// - Throws: ``ReceiptProblem``.
    init(
        verifying receipt: CabinetLedger.Receipt,
        of sent: SignedBallot,
        in log: TrustedLog
    ) throws(ReceiptProblem) {
        try self.init(verifying: receipt, in: log)
        guard ballot.statementBytes == sent.statement,
            ballot.keyFingerprint.bytes == sent.keyFingerprint
        else { throw .otherBallot }
        if ballot.signature != sent.signature { try verifySignature() }
    }

    /// Verifies the member's own signature in a receipt that was asked for.
    ///
    /// - Throws: ``ReceiptProblem``.
    func verifySignature() throws(ReceiptProblem) {
        do throws(Rejection) {
            try ballot.verifySignature()
        } catch {
            throw .ballotSignature(error)
        }
    }

    /// What was found, step by step, in sentences that a member can be shown. For people; the wording is
    /// not stable.
    public var explanation: [String] { receipt.explanation }

    /// The ballot with its signature as a detached CMS file, and the bytes that it is over: what
    /// `openssl cms -verify` takes.
    ///
    /// - Throws: `KeyError` where the certificate in the ballot cannot be read.
    public func detachedSignature() throws(KeyError) -> (cms: [UInt8], content: [UInt8]) {
        let certificate = try SignerCertificate(der: ballot.certificate)
        let signature = DetachedSignature(
            certificate: certificate,
            signature: ballot.signature
        )
        return (signature.der, ballot.signedMessage)
    }
}
