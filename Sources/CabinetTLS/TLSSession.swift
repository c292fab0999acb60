internal import COpenSSLShims
internal import NIOCore
internal import Synchronization

/// One connection's SSL. It knows no channel: ciphertext goes in and out by ``ciphertext``.
///
/// Not Sendable, it belongs to its handler's event loop.
final class TLSSession {
    /// The most plaintext in one record (RFC 8446, section 5.1).
    static let maxRecordBytes = 16_384

    let ciphertext = CiphertextBuffers()
    let generation: ContextGeneration
    private let core: ContextCore
    private let ssl: OpaquePointer
    private let server: ServerName?
    /// The session that a client has offered and heard nothing of.
    private var unanswered: ClientSession?
    private var verificationError: TLSError?
    private var hasNoCommonProtocol = false

    /// - Parameter server: Whom a client wants; `nil` on a server.
    /// - Throws: ``TLSError`` with the reason `internalError`.
    init(_ core: ContextCore, server: ServerName?) throws(TLSError) {
        self.core = core
        self.server = server
        generation = core.generation
        ErrorQueue.clear()
        guard let ssl = SSL_new(generation.pointer) else {
            throw TLSError(.internalError, "no new SSL: \(ErrorQueue.drainText())")
        }
        self.ssl = ssl
        core.sessionCount.add(1, ordering: .relaxed)
        guard let bio = ciphertext.makeBIO() else {
            throw TLSError(.internalError, "no new BIO: \(ErrorQueue.drainText())")
        }
        // The SSL owns it.
        SSL_set_bio(ssl, bio, bio)
        // Not retained: callbacks run within calls of this object.
        SSL_set_ex_data(ssl, 0, Unmanaged.passUnretained(self).toOpaque())
        X509_VERIFY_PARAM_set_time(SSL_get0_param(ssl), Int(now.secondsSince1970))
        if let server {
            guard server.expect(in: ssl) else {
                throw TLSError(.internalError, "the name \(server.name) cannot be verified")
            }
            resume(server)
            SSL_set_connect_state(ssl)
        } else {
            SSL_set_accept_state(ssl)
        }
    }

    deinit {
        // Otherwise OpenSSL takes the connection for broken off, and its session for unusable.
        if SSL_is_init_finished(ssl) == 1 {
            SSL_set_shutdown(ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN)
        }
        SSL_free(ssl)
        // A server that has no room closes at once, and many come back at the same time.
        if let unanswered, let server {
            generation.clientSessions.putBack(unanswered, for: server.key)
        }
        ErrorQueue.clear()
        core.sessionCount.subtract(1, ordering: .relaxed)
    }

    private var now: WallTime { generation.options.clock() }

    /// The trust of now, which may be newer than this connection.
    var currentTrust: TrustStore { core.generation.trust }

    // MARK: - The handshake

    enum HandshakeStep {
        case needsMore
        case completed(TLSHandshakeCompleted)
        case failed(TLSError)
    }

    /// Goes on with what was received.
    func handshake() -> HandshakeStep {
        if ciphertext.receivedByteCount > 0 { unanswered = nil }
        ErrorQueue.clear()
        let result = SSL_do_handshake(ssl)
        guard result == 1 else {
            if SSL_get_error(ssl, result) == SSL_ERROR_WANT_READ { return .needsMore }
            return .failed(failure())
        }
        do throws(TLSError) {
            return .completed(try outcome())
        } catch {
            switch generation.side {
            // The last flight of a client whose server does not hold is not sent.
            case .client: ciphertext.toSend.clear()
            // For OpenSSL the handshake is over, and it has no more alerts for it. The client may have
            // sent more: without a word it would find its connection reset.
            case .server: closeNotify()
            }
            return .failed(error)
        }
    }

    private func outcome() throws(TLSError) -> TLSHandshakeCompleted {
        var name: UnsafePointer<UInt8>?
        var nameByteCount: UInt32 = 0
        SSL_get0_alpn_selected(ssl, &name, &nameByteCount)
        let chosen = UnsafeBufferPointer(start: name, count: Int(nameByteCount))
        guard chosen.elementsEqual(CabinetProtocol.applicationProtocol.dropFirst()) else {
            throw HandshakeFailure.noCommonProtocol(generation.side)
        }
        guard let x509 = SSL_get0_peer_certificate(ssl) else {
            throw TLSError(
                .noCertificate,
                "the \(generation.side.peerName) has no certificate"
            )
        }
        let isResumed = SSL_session_reused(ssl) == 1
        guard let identity = PeerIdentity(Certificate(retaining: x509), intermediates: chain)
        else { throw TLSError(.internalError, "the peer's certificate cannot be read") }
        // A list that arrived during the handshake counts.
        if core.generation !== generation, case .refused(let error) = core.verdict(on: identity) {
            throw error
        }
        guard let cipher = SSL_get_current_cipher(ssl) else {
            throw TLSError(.internalError, "the handshake has agreed on no cipher suite")
        }
        return TLSHandshakeCompleted(
            peer: identity,
            isResumed: isResumed,
            cipherSuite: TLSCipherSuite(code: SSL_CIPHER_get_protocol_id(cipher))
        )
    }

    /// The certificates that stand between the peer's own and an authority.
    private var chain: [Certificate] {
        let sent = CertificateStack.certificates(in: SSL_get_peer_cert_chain(ssl))
        // A client's SSL counts the server's own certificate in.
        if generation.side == .client { return Array(sent.dropFirst()) }
        if SSL_session_reused(ssl) == 1, let session = SSL_get_session(ssl) {
            return ContextGeneration.chain(inTicketOf: session)
        }
        return sent
    }

    // MARK: - Records

    enum ReadOutcome {
        /// There is nothing more for now.
        case drained
        case closeNotify
        case failed(TLSError)
    }

    /// Decrypts all that was received.
    func read(into plaintext: inout ByteBuffer) -> ReadOutcome {
        while true {
            if plaintext.writableBytes == 0 {
                plaintext.reserveCapacity(minimumWritableBytes: Self.maxRecordBytes)
            }
            ErrorQueue.clear()
            var result: Int32 = 0
            plaintext.writeWithUnsafeMutableBytes(minimumWritableBytes: 1) { bytes in
                result = SSL_read(ssl, bytes.baseAddress, Int32(clamping: bytes.count))
                return max(0, Int(result))
            }
            if result > 0 {
                // Saves the call that would find nothing.
                if ciphertext.receivedByteCount == 0, SSL_has_pending(ssl) == 0 { return .drained }
                continue
            }
            switch SSL_get_error(ssl, result) {
            case SSL_ERROR_WANT_READ: return .drained
            case SSL_ERROR_ZERO_RETURN: return .closeNotify
            default: return .failed(failure())
            }
        }
    }

    /// Encrypts bytes, which becomes one record for each ``maxRecordBytes``.
    func write(_ bytes: UnsafeRawBufferPointer) throws(TLSError) {
        guard bytes.count > 0 else { return }
        ErrorQueue.clear()
        let result = SSL_write(ssl, bytes.baseAddress, Int32(clamping: bytes.count))
        // The BIO takes everything, so nothing is ever written in part.
        guard Int(result) == bytes.count else { throw failure() }
    }

    /// Encrypts bytes, which becomes one record for each ``maxRecordBytes``.
    func write(_ bytes: ByteBuffer) throws(TLSError) {
        // A closure of ByteBuffer's cannot throw a TLSError as such.
        let error = bytes.withUnsafeReadableBytes { bytes -> TLSError? in
            do throws(TLSError) {
                try write(bytes)
                return nil
            } catch {
                return error
            }
        }
        if let error { throw error }
    }

    /// Says that this side writes no more (RFC 8446, section 6.1).
    func closeNotify() {
        ErrorQueue.clear()
        // Without effect in a handshake, and where it was said before.
        _ = SSL_shutdown(ssl)
        ErrorQueue.clear()
    }

    // MARK: - Errors

    private func failure() -> TLSError {
        let entries = ErrorQueue.drain()
        if let verificationError { return verificationError }
        if hasNoCommonProtocol { return HandshakeFailure.noCommonProtocol(generation.side) }
        return HandshakeFailure.error(entries, side: generation.side)
    }

    func noteNoCommonProtocol() {
        hasNoCommonProtocol = true
    }

    func noteVerificationFailure(_ store: OpaquePointer?) {
        guard verificationError == nil, let store else { return }
        let code = X509_STORE_CTX_get_error(store)
        // OpenSSL finds that nobody trusted has signed at the end of the chain, and who reads the error
        // looks for the peer.
        let x509 =
            PeerVerification.isUntrusted(code)
            ? X509_STORE_CTX_get0_cert(store) : X509_STORE_CTX_get_current_cert(store)
        verificationError = PeerVerification.error(
            code,
            side: generation.side,
            subject: x509.map { Certificate(retaining: $0).subject },
            expectedName: server?.name,
            files: generation.files
        )
    }

    // MARK: - Resumption

    /// Offers the session that the client has with a server, if the server's certificate holds.
    private func resume(_ server: ServerName) {
        guard let session = generation.clientSessions.take(for: server.key) else { return }
        let code = generation.trust.verify(
            session.server,
            intermediates: session.intermediates,
            at: now
        )
        guard code == X509_V_OK else { return }
        SSL_set_session(ssl, session.pointer)
        unanswered = session
    }

    /// Keeps a session that can be resumed.
    ///
    /// - Returns: Whether the reference was taken over.
    func keep(_ session: OpaquePointer) -> Bool {
        guard let server, let x509 = SSL_SESSION_get0_peer(session) else { return false }
        generation.clientSessions.put(
            ClientSession(
                owning: session,
                server: Certificate(retaining: x509),
                intermediates: chain
            ),
            for: server.key
        )
        return true
    }

    // MARK: - Callbacks

    static func of(_ ssl: OpaquePointer?) -> TLSSession? {
        guard let ssl, let data = SSL_get_ex_data(ssl, 0) else { return nil }
        return Unmanaged<TLSSession>.fromOpaque(data).takeUnretainedValue()
    }

    /// The connection that a certificate is being verified for.
    static func of(verification store: OpaquePointer?) -> TLSSession? {
        guard let store else { return nil }
        let ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx())
        return of(ssl.map { OpaquePointer($0) })
    }
}
