internal import COpenSSLShims

/// This side's certificate and key, checked.
struct Credentials: Sendable {
    let chain: [Certificate]
    let key: PrivateKey

    /// - Throws: ``TLSConfigurationError`` with what is wrong in which file.
    init(_ files: TLSFiles, side: Side, now: WallTime) throws(TLSConfigurationError) {
        chain = try PEMFile(path: files.certificateChain).certificates()
        key = try PEMFile(path: files.privateKey).privateKey(passphrase: files.passphrase)
        let leaf = chain[0]
        try Self.checkStrength(leaf, file: files.certificateChain)
        ErrorQueue.clear()
        guard X509_check_private_key(leaf.x509, key.pointer) == 1 else {
            ErrorQueue.clear()
            throw TLSConfigurationError(
                .keyMismatch,
                file: files.privateKey,
                "is not the key of the first certificate in \(files.certificateChain)"
                    + " (\(leaf.subject)); the file must begin with this \(side.ownName)'s own"
            )
        }
        for certificate in chain {
            try Self.checkDates(certificate, file: files.certificateChain, now: now)
        }
        guard X509_check_purpose(leaf.x509, side.ownPurpose, 0) == 1 else {
            throw TLSConfigurationError(
                .wrongPurpose,
                file: files.certificateChain,
                "the certificate of \(leaf.subject) is not for a TLS \(side.ownName)"
                    + "; have one issued with the extended key usage \(side.ownName)Auth"
            )
        }
    }

    static func checkDates(
        _ certificate: Certificate,
        file: String,
        now: WallTime
    ) throws(TLSConfigurationError) {
        guard now <= certificate.notAfter else {
            throw TLSConfigurationError(
                .expired,
                file: file,
                "the certificate of \(certificate.subject) has expired; renew it"
            )
        }
        guard now >= certificate.notBefore else {
            throw TLSConfigurationError(
                .notYetValid,
                file: file,
                "the certificate of \(certificate.subject) is not valid yet; check the clock, or wait"
            )
        }
    }

    static func checkStrength(
        _ certificate: Certificate,
        file: String
    ) throws(TLSConfigurationError) {
        guard let key = X509_get0_pubkey(certificate.x509),
            EVP_PKEY_get_security_bits(key) >= CabinetProtocol.minSecurityBits
        else {
            throw TLSConfigurationError(
                .weakKey,
                file: file,
                "the key of \(certificate.subject) is too weak; use EC P-256, or RSA with 2048 bits"
            )
        }
    }
}
