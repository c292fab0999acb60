import CabinetLedger
import CabinetLocks

/// Checkpoints that were verified, so that the same bytes are not verified again.
///
/// The ballots of one commit have the same checkpoint. In life each member's device verifies it for itself;
/// the members of a load have one processor core together, which would do little else.
final class CheckpointMemory: Sendable {
    /// Of a second or so. With more it begins anew.
    private static let maximumCount = 256

    private let known = Guarded<[SignedCheckpoint: VerifiedCheckpoint]>([:])

    func verified(
        _ checkpoint: SignedCheckpoint,
        _ log: LogTrust
    ) throws(CheckpointVerificationError) -> VerifiedCheckpoint {
        if let verified = known.withLock({ $0[checkpoint] }) { return verified }
        let verified = try checkpoint.verified(origin: log.origin, logKey: log.key)
        known.withLock { known in
            if known.count >= Self.maximumCount { known = [:] }
            known[checkpoint] = verified
        }
        return verified
    }
}
