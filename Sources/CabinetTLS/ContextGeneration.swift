internal import COpenSSLShims

/// One state of the files: an SSL_CTX that nothing changes any more.
///
/// A reload makes a new one. Connections keep the one that they began with.
///
/// `@unchecked Sendable`: the SSL_CTX is set up in `init` and only read by connections, which
/// OpenSSL allows from several threads; everything else is immutable and Sendable.
final class ContextGeneration: @unchecked Sendable {
    let pointer: OpaquePointer
    let side: Side
    let files: TLSFiles
    let options: TLSContextOptions
    let trust: TrustStore
    /// A client's: a new generation begins without sessions, so none outlives its certificate.
    let clientSessions = ClientSessions()
    /// A server's: they outlive a generation, and tickets of another one are told apart by the
    /// session id context, and verified again.
    let ticketKeys: TicketKeys
    let ticketCipher: TicketCipher

    /// - Throws: ``TLSConfigurationError`` with what is wrong in which file.
    init(
        side: Side,
        files: TLSFiles,
        options: TLSContextOptions,
        ticketKeys: TicketKeys
    ) throws(TLSConfigurationError) {
        let now = options.clock()
        let credentials = try Credentials(files, side: side, now: now)
        trust = try TrustStore(files, side: side, now: now)
        self.side = side
        self.files = files
        self.options = options
        self.ticketKeys = ticketKeys
        ErrorQueue.clear()
        guard let ticketCipher = TicketCipher(),
            let context = SSL_CTX_new(side == .server ? TLS_server_method() : TLS_client_method())
        else {
            throw TLSConfigurationError(
                .refusedByOpenSSL,
                file: files.certificateChain,
                ErrorQueue.drainText()
            )
        }
        self.ticketCipher = ticketCipher
        pointer = context
        let isSetUp =
            cabinet_SSL_CTX_require_tls13(context) == 1
            && Self.use(credentials, in: context)
            && setUpSessions(credentials)
            && setUpApplicationProtocol()
        guard isSetUp else {
            throw TLSConfigurationError(
                .refusedByOpenSSL,
                file: files.certificateChain,
                "OpenSSL refuses it: \(ErrorQueue.drainText())"
            )
        }
        SSL_CTX_set1_cert_store(context, trust.store)
        setUpVerification()
        setUpRecords()
        setUpKeyLog()
        // Not retained: a callback runs within a call on a connection, and every connection keeps
        // its generation.
        SSL_CTX_set_ex_data(context, 0, Unmanaged.passUnretained(self).toOpaque())
    }

    deinit { SSL_CTX_free(pointer) }

    /// The generation of a connection, inside of a callback.
    static func of(_ ssl: OpaquePointer?) -> ContextGeneration? {
        guard let ssl, let context = SSL_get_SSL_CTX(ssl),
            let data = SSL_CTX_get_ex_data(context, 0)
        else { return nil }
        return Unmanaged<ContextGeneration>.fromOpaque(data).takeUnretainedValue()
    }

    private static func use(_ credentials: Credentials, in context: OpaquePointer) -> Bool {
        SSL_CTX_set_security_level(context, CabinetProtocol.securityLevel)
        guard SSL_CTX_use_certificate(context, credentials.chain[0].x509) == 1,
            SSL_CTX_use_PrivateKey(context, credentials.key.pointer) == 1
        else { return false }
        return credentials.chain.dropFirst().allSatisfy {
            cabinet_SSL_CTX_add1_chain_cert(context, $0.x509) == 1
        }
    }

    private func setUpRecords() {
        cabinet_SSL_CTX_set_options(pointer)
        // Together they cost little and save most: fewer calls of the BIO, and no buffers in idle
        // connections.
        cabinet_SSL_CTX_set_read_ahead(pointer, 1)
        // What the file of the chain holds is sent, and nothing is searched for in each handshake: the
        // peer has the authority, and would keep what it is sent for as long as the connection lasts;
        // and searching verifies the signatures of this side's own chain.
        cabinet_SSL_CTX_set_mode(
            pointer,
            Int(SSL_MODE_RELEASE_BUFFERS) | Int(SSL_MODE_AUTO_RETRY) | Int(SSL_MODE_NO_AUTO_CHAIN)
        )
        SSL_CTX_set_max_early_data(pointer, 0)
    }

    /// The longest list of certificates that a peer may send: a chain of a few.
    static let maxCertificateListBytes = 16_384

    private func setUpVerification() {
        // Of what the peer sends along with its certificate, much is kept as long as the connection lasts.
        cabinet_SSL_CTX_set_max_cert_list(pointer, Self.maxCertificateListBytes)
        let failIfNone = side == .server ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0
        SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER | failIfNone) { isValid, store in
            if isValid == 0 { TLSSession.of(verification: store)?.noteVerificationFailure(store) }
            return isValid
        }
        if side == .server {
            for authority in trust.authorities { SSL_CTX_add_client_CA(pointer, authority.x509) }
        }
    }

    /// RFC 7301. A server's callback does not run where the client has no ALPN at all, so the
    /// ClientHello is looked at before.
    private func setUpApplicationProtocol() -> Bool {
        guard side == .server else {
            let name = CabinetProtocol.applicationProtocol
            return SSL_CTX_set_alpn_protos(pointer, name, UInt32(name.count)) == 0
        }
        SSL_CTX_set_client_hello_cb(
            pointer,
            { ssl, alert, _ in
                var bytes: UnsafePointer<UInt8>?
                var byteCount = 0
                let type = UInt32(TLSEXT_TYPE_application_layer_protocol_negotiation)
                if SSL_client_hello_get0_ext(ssl, type, &bytes, &byteCount) == 1 {
                    return SSL_CLIENT_HELLO_SUCCESS
                }
                // A client without TLS 1.3 has another problem, which OpenSSL names.
                let versions = UInt32(TLSEXT_TYPE_supported_versions)
                if SSL_client_hello_get0_ext(ssl, versions, &bytes, &byteCount) != 1 {
                    return SSL_CLIENT_HELLO_SUCCESS
                }
                TLSSession.of(ssl)?.noteNoCommonProtocol()
                alert?.pointee = SSL_AD_NO_APPLICATION_PROTOCOL
                return SSL_CLIENT_HELLO_ERROR
            },
            nil
        )
        SSL_CTX_set_alpn_select_cb(
            pointer,
            { ssl, chosen, chosenByteCount, offered, offeredByteCount, _ in
                guard
                    ApplicationProtocol.choose(
                        from: UnsafeBufferPointer(start: offered, count: Int(offeredByteCount)),
                        chosen,
                        chosenByteCount
                    )
                else {
                    TLSSession.of(ssl)?.noteNoCommonProtocol()
                    return SSL_TLSEXT_ERR_ALERT_FATAL
                }
                return SSL_TLSEXT_ERR_OK
            },
            nil
        )
        return true
    }

    private func setUpKeyLog() {
        guard let keyLog = options.keyLog else { return }
        keyLog.warn(
            "TLS KEY LOG IS ON: whoever reads it can read every connection of this \(side.ownName)."
                + " Never in production."
        )
        SSL_CTX_set_keylog_callback(pointer) { ssl, line in
            guard let line else { return }
            ContextGeneration.of(ssl)?.options.keyLog?.writeLine(String(cString: line))
        }
    }
}

/// Finds `cabinet/1` among the protocols that a client offers.
private enum ApplicationProtocol {
    /// - Returns: `false` where it is not offered, or the list is malformed.
    static func choose(
        from offered: UnsafeBufferPointer<UInt8>,
        _ chosen: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
        _ chosenByteCount: UnsafeMutablePointer<UInt8>?
    ) -> Bool {
        let wanted = CabinetProtocol.applicationProtocol
        var start = 0
        while start < offered.count {
            let end = start + 1 + Int(offered[start])
            guard end <= offered.count, let base = offered.baseAddress else { return false }
            if offered[start..<end].elementsEqual(wanted) {
                // It points into the ClientHello, which OpenSSL copies from after the callback.
                chosen?.pointee = base + start + 1
                chosenByteCount?.pointee = offered[start]
                return true
            }
            start = end
        }
        return false
    }
}
