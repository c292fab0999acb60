internal import COpenSSLShims

/// The authorities that may sign a peer's certificate, and the certificates that they have revoked.
///
/// `@unchecked Sendable`: nothing changes the store after `init`, and OpenSSL locks what it caches
/// in it.
final class TrustStore: @unchecked Sendable {
    let store: OpaquePointer
    let authorities: [Certificate]
    private let side: Side

    /// - Throws: ``TLSConfigurationError`` with what is wrong in which file.
    init(_ files: TLSFiles, side: Side, now: WallTime) throws(TLSConfigurationError) {
        let file = files.trustedAuthorities
        let authorities = try PEMFile(path: file).certificates()
        for authority in authorities {
            try Credentials.checkDates(authority, file: file, now: now)
            try Credentials.checkStrength(authority, file: file)
            guard X509_check_ca(authority.x509) == 1 else {
                throw TLSConfigurationError(
                    .notAnAuthority,
                    file: file,
                    "the certificate of \(authority.subject) may not sign others (no CA:TRUE)"
                        + "; give the certificate of the authority that has signed the peers'"
                )
            }
        }
        var lists: [RevocationList] = []
        if let listFile = files.revocationLists {
            lists = try PEMFile(path: listFile).revocationLists()
            try Self.check(lists, of: listFile, against: authorities, now: now)
        }
        ErrorQueue.clear()
        guard let store = X509_STORE_new() else {
            throw TLSConfigurationError(.refusedByOpenSSL, file: file, ErrorQueue.drainText())
        }
        var isComplete = true
        for authority in authorities {
            isComplete = X509_STORE_add_cert(store, authority.x509) == 1 && isComplete
        }
        for list in lists {
            isComplete = X509_STORE_add_crl(store, list.pointer) == 1 && isComplete
        }
        if !lists.isEmpty {
            // Every certificate of the chain, not just the last: an intermediate authority can be
            // revoked as well.
            let flags = UInt(X509_V_FLAG_CRL_CHECK) | UInt(X509_V_FLAG_CRL_CHECK_ALL)
            isComplete = X509_STORE_set_flags(store, flags) == 1 && isComplete
        }
        guard isComplete else {
            X509_STORE_free(store)
            throw TLSConfigurationError(.refusedByOpenSSL, file: file, ErrorQueue.drainText())
        }
        self.store = store
        self.authorities = authorities
        self.side = side
    }

    deinit { X509_STORE_free(store) }

    /// A list that is missing, or that nobody trusted has signed, would refuse every peer later, and
    /// is easier understood now.
    private static func check(
        _ lists: [RevocationList],
        of file: String,
        against authorities: [Certificate],
        now: WallTime
    ) throws(TLSConfigurationError) {
        for authority in authorities {
            let own = lists.filter { $0.isIssued(by: authority) }
            guard !own.isEmpty else {
                throw TLSConfigurationError(
                    .revocationListMissing,
                    file: file,
                    "has no list of \(authority.subject), whose certificates could not be checked"
                )
            }
            guard own.contains(where: { $0.isSigned(by: authority) }) else {
                throw TLSConfigurationError(
                    .revocationListNotSigned,
                    file: file,
                    "the list of \(authority.subject) has not been signed with its key"
                )
            }
            guard own.contains(where: { now <= $0.nextUpdate ?? now }) else {
                throw TLSConfigurationError(
                    .revocationListExpired,
                    file: file,
                    "the list of \(authority.subject) is out of date; fetch the current one"
                )
            }
        }
    }

    /// Verifies a certificate as a handshake does.
    ///
    /// - Parameter intermediates: What may stand between the certificate and an authority.
    /// - Returns: `X509_V_OK` or the error.
    func verify(_ leaf: Certificate, intermediates: [Certificate], at now: WallTime) -> Int32 {
        let untrusted = CertificateStack(intermediates)
        guard let context = X509_STORE_CTX_new() else { return X509_V_ERR_OUT_OF_MEM }
        defer {
            X509_STORE_CTX_free(context)
            ErrorQueue.clear()
        }
        guard X509_STORE_CTX_init(context, store, leaf.x509, untrusted.pointer) == 1,
            X509_STORE_CTX_set_default(context, side.peerVerification) == 1,
            let parameters = X509_STORE_CTX_get0_param(context)
        else { return X509_V_ERR_UNSPECIFIED }
        X509_VERIFY_PARAM_set_time(parameters, Int(now.secondsSince1970))
        X509_VERIFY_PARAM_set_auth_level(parameters, CabinetProtocol.securityLevel)
        if X509_verify_cert(context) == 1 { return X509_V_OK }
        let error = X509_STORE_CTX_get_error(context)
        return error == X509_V_OK ? X509_V_ERR_UNSPECIFIED : error
    }
}
