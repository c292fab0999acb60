internal import COpenSSLShims

/// What session tickets are encrypted with, fetched once.
///
/// `@unchecked Sendable`: an EVP_CIPHER that was fetched is immutable.
final class TicketCipher: @unchecked Sendable {
    let pointer: OpaquePointer

    init?() {
        guard let pointer = EVP_CIPHER_fetch(nil, "AES-256-CBC", nil) else { return nil }
        self.pointer = pointer
    }

    deinit { EVP_CIPHER_free(pointer) }
}

/// Resumption (RFC 8446, section 2.2): a server keeps nothing, a client keeps one session for each
/// server. Who resumes is verified as in a full handshake, as of now.
extension ContextGeneration {
    /// Chains that are longer are verified again in a full handshake.
    static let maxTicketChainBytes = 4_096

    func setUpSessions(_ credentials: Credentials) -> Bool {
        SSL_CTX_set_timeout(pointer, Int(2 * ticketKeys.seconds))
        guard side == .server else {
            cabinet_SSL_CTX_set_session_cache_mode(
                pointer,
                Int(SSL_SESS_CACHE_CLIENT) | Int(SSL_SESS_CACHE_NO_INTERNAL)
            )
            SSL_CTX_sess_set_new_cb(pointer) { ssl, session in
                guard let session, let connection = TLSSession.of(ssl) else { return 0 }
                return connection.keep(session) ? 1 : 0
            }
            return true
        }
        cabinet_SSL_CTX_set_session_cache_mode(pointer, Int(SSL_SESS_CACHE_OFF))
        // One is used once, and a client has one connection.
        guard SSL_CTX_set_num_tickets(pointer, 1) == 1, setSessionIDContext(credentials),
            SSL_CTX_set_tlsext_ticket_key_evp_cb(
                pointer,
                { ssl, name, iv, cipher, mac, encrypts in
                    guard let ssl, let name, let iv, let cipher, let mac else { return -1 }
                    return ContextGeneration.of(ssl)?
                        .setUpTicket(name, iv, cipher, mac, encrypts: encrypts == 1) ?? -1
                }
            ) == 1
        else { return false }
        return SSL_CTX_set_session_ticket_cb(
            pointer,
            { ssl, _ in
                guard let ssl, let generation = ContextGeneration.of(ssl) else { return 0 }
                return generation.putOrigin(of: ssl) ? 1 : 0
            },
            { ssl, session, _, _, status, _ in
                guard status == SSL_TICKET_SUCCESS || status == SSL_TICKET_SUCCESS_RENEW,
                    let session, let generation = ContextGeneration.of(ssl),
                    generation.isYoung(session),
                    let current = TLSSession.of(ssl)?.currentTrust,
                    generation.holds(session, against: current)
                else { return SSL_TICKET_RETURN_IGNORE_RENEW }
                return SSL_TICKET_RETURN_USE_RENEW
            },
            nil
        ) == 1
    }

    /// A session is good only for the same authorities and the same certificate of the server.
    private func setSessionIDContext(_ credentials: Credentials) -> Bool {
        let identity = credentials.chain[0].der + trust.authorities.flatMap(\.der)
        guard let digest = sha256(identity) else { return false }
        return SSL_CTX_set_session_id_context(pointer, digest, UInt32(digest.count)) == 1
    }

    /// SSL_CTX_set_tlsext_ticket_key_cb(3): 1 to go on, 0 where there is no such key, -1 on error.
    private func setUpTicket(
        _ name: UnsafeMutablePointer<UInt8>,
        _ iv: UnsafeMutablePointer<UInt8>,
        _ cipher: OpaquePointer,
        _ mac: OpaquePointer,
        encrypts: Bool
    ) -> Int32 {
        let now = options.clock()
        let key: TicketKeys.Key?
        if encrypts {
            key = ticketKeys.encryptionKey(at: now)
            guard let key, RAND_bytes(iv, EVP_MAX_IV_LENGTH) == 1 else { return 0 }
            for (index, byte) in key.name.enumerated() { name[index] = byte }
        } else {
            key = ticketKeys.decryptionKey(
                named: UnsafeBufferPointer(start: name, count: 16),
                at: now
            )
        }
        guard let key else { return 0 }
        return cabinet_ticket_cipher_init(
            cipher,
            mac,
            ticketCipher.pointer,
            key.cipherKey,
            key.macKey,
            iv,
            encrypts ? 1 : 0
        ) == 1 ? 1 : -1
    }

    /// A ticket has the client's certificate in it, but neither those between it and an authority, nor the
    /// time at which the client proved that it has the key. With each resumption OpenSSL makes a new ticket
    /// of a new age; what is put into it here stays.
    ///
    /// - Returns: `false` where OpenSSL has no memory: the handshake fails then.
    private func putOrigin(of ssl: OpaquePointer) -> Bool {
        guard SSL_session_reused(ssl) == 0, let session = SSL_get_session(ssl) else { return true }
        let seconds = UInt64(bitPattern: options.clock().secondsSince1970)
        var origin = (0..<Self.originTimeBytes).map { byte in
            UInt8(truncatingIfNeeded: seconds >> UInt64(8 * (Self.originTimeBytes - 1 - byte)))
        }
        let chain = CertificateStack.certificates(in: SSL_get_peer_cert_chain(ssl)).flatMap(\.der)
        if chain.count <= Self.maxTicketChainBytes { origin += chain }
        return SSL_SESSION_set1_ticket_appdata(session, origin, origin.count) == 1
    }

    /// The bytes of the time in a ticket, before the certificates.
    private static let originTimeBytes = 8

    /// Whether the client of a session has proved not long ago that it has its key (RFC 8446, section
    /// 4.6.1): within the time for which a ticket can be read.
    private func isYoung(_ session: OpaquePointer) -> Bool {
        var data: UnsafeMutableRawPointer?
        var byteCount = 0
        guard SSL_SESSION_get0_ticket_appdata(session, &data, &byteCount) == 1, let data,
            byteCount >= Self.originTimeBytes
        else { return false }
        let seconds = UnsafeRawBufferPointer(start: data, count: Self.originTimeBytes)
            .reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let proved = WallTime(secondsSince1970: Int64(bitPattern: seconds))
        let now = options.clock()
        return now >= proved && now < proved.advanced(bySeconds: 2 * ticketKeys.seconds)
    }

    /// The certificates that a ticket was made with.
    static func chain(inTicketOf session: OpaquePointer) -> [Certificate] {
        var data: UnsafeMutableRawPointer?
        var byteCount = 0
        guard SSL_SESSION_get0_ticket_appdata(session, &data, &byteCount) == 1, let data,
            byteCount > originTimeBytes
        else { return [] }
        let start = UnsafePointer(data.assumingMemoryBound(to: UInt8.self))
        var next: UnsafePointer<UInt8>? = start + originTimeBytes
        let end: UnsafePointer<UInt8>? = start + byteCount
        var chain: [Certificate] = []
        while let start = next, let end, start < end,
            let certificate = d2i_X509(nil, &next, end - start)
        {
            chain.append(Certificate(owning: certificate))
        }
        ErrorQueue.clear()
        return chain
    }

    /// Whether the client of a session would be accepted in a full handshake, too.
    private func holds(_ session: OpaquePointer, against trust: TrustStore) -> Bool {
        guard let x509 = SSL_SESSION_get0_peer(session) else { return false }
        let code = trust.verify(
            Certificate(retaining: x509),
            intermediates: Self.chain(inTicketOf: session),
            at: options.clock()
        )
        return code == X509_V_OK
    }
}
