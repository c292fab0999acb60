/// Something that signs: a key in memory, a smart card, a tablet's secure hardware.
public protocol Signer: Sendable {
    /// The key that verifies the signatures, and with it their algorithm.
    var publicKey: PublicKey { get }

    /// Signs `message` with the algorithm of ``publicKey``, in the form that
    /// ``PublicKey/verify(_:over:)`` takes.
    ///
    /// Asynchronous, because hardware asks people. A key in memory answers at once.
    ///
    /// - Throws: ``SigningError``.
    func sign(_ message: [UInt8]) async throws(SigningError) -> [UInt8]
}
