internal import CabinetCrypto
internal import CabinetLocks

/// Certificates that have been parsed: a member sends the same one with each ballot.
///
/// Nothing is believed of a certificate for being here: it is only read.
final class CertificateCache: Sendable {
    /// At most 2,000 of 4,096 bytes: those of three assemblies. When it is full it begins anew.
    static let maximumCount = 2_000

    private let parsed = Guarded<[[UInt8]: SignerCertificate]>([:])

    /// - Throws: `KeyError` where the bytes are not exactly one certificate with an accepted key.
    @Sendable func certificate(_ der: [UInt8]) throws(KeyError) -> SignerCertificate {
        if let known = parsed.withLock({ $0[der] }) { return known }
        let certificate = try SignerCertificate(der: der)
        parsed.withLock { parsed in
            if parsed.count >= Self.maximumCount { parsed = [:] }
            parsed[der] = certificate
        }
        return certificate
    }
}
