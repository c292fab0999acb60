public import CabinetLedger
public import CabinetModel

// Proofs that were kept, verified once more without a server.

extension ProvenBallot {
    /// Verifies a receipt that somebody has kept: the checkpoint by the installation's key, the inclusion of
    /// the entry, and the member's own signature in it. No server is asked.
    ///
    /// The log is the one that the checkpoint names, which has to be one of the installation's.
    ///
    /// - Throws: ``ReceiptProblem``; ``ReceiptProblem/noBallot`` where the receipt holds, and is of another
    ///   entry than a ballot.
    public init(
        verifying receipt: Receipt,
        in installation: TrustedInstallation
    ) throws(ReceiptProblem) {
        let origin = receipt.checkpoint.unverified.origin
        guard let log = installation.log(origin) else {
            throw .receipt(
                .untrustedCheckpoint(
                    .wrongOrigin(found: origin, expected: installation.name.line)
                )
            )
        }
        try self.init(verifying: receipt, in: log)
        try verifySignature()
    }
}

extension JournalledBallot {
    /// The proof that the ballot counts, verified once more. No server is asked.
    ///
    /// - Returns: `nil` where it is not known to count.
    /// - Throws: ``ReceiptProblem``.
    public func proven(
        in installation: TrustedInstallation
    ) throws(ReceiptProblem) -> ProvenBallot? {
        guard case .counted(let receipt) = outcome else { return nil }
        guard let log = installation.log(of: statement.meeting) else { throw .otherBallot }
        return try ProvenBallot(verifying: receipt, of: ballot, in: log)
    }
}

extension TrustedInstallation {
    /// The meeting whose log has an origin.
    ///
    /// - Returns: `nil` where it is no log of the installation.
    public func meeting(ofLog origin: NoteLine) -> MeetingID? {
        let prefix = "\(name)/"
        guard origin.text.hasPrefix(prefix) else { return nil }
        return try? MeetingID(String(origin.text.dropFirst(prefix.count)))
    }

    /// What verifies the log that has an origin.
    ///
    /// - Returns: `nil` where it is no log of the installation.
    public func log(_ origin: NoteLine) -> TrustedLog? {
        meeting(ofLog: origin).flatMap { log(of: $0) }
    }
}
