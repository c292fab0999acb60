internal import COpenSSLShims
internal import CabinetLocks

/// A session that a client may resume.
///
/// `@unchecked Sendable`: the SSL_SESSION is used by one connection at a time, which takes it out of
/// the cache, and its reference count is safe between threads.
final class ClientSession: @unchecked Sendable {
    let pointer: OpaquePointer
    let server: Certificate
    let intermediates: [Certificate]

    /// Takes over a reference.
    init(owning pointer: OpaquePointer, server: Certificate, intermediates: [Certificate]) {
        self.pointer = pointer
        self.server = server
        self.intermediates = intermediates
    }

    deinit { SSL_SESSION_free(pointer) }
}

/// The newest session with each server. Each is used once (RFC 8446, appendix C.4).
final class ClientSessions: Sendable {
    /// Servers that sessions are kept of. A tablet has one or two.
    static let maxServers = 64

    private let sessions = Guarded<[String: ClientSession]>([:])

    func put(_ session: ClientSession, for server: String) {
        sessions.withLock { sessions in
            if sessions.count >= Self.maxServers, sessions[server] == nil {
                sessions.removeAll()
            }
            sessions[server] = session
        }
    }

    /// Keeps a session that was taken and that the server has not seen, unless there is a newer one.
    func putBack(_ session: ClientSession, for server: String) {
        sessions.withLock { sessions in
            guard sessions[server] == nil, sessions.count < Self.maxServers else { return }
            sessions[server] = session
        }
    }

    func take(for server: String) -> ClientSession? {
        sessions.withLock { $0.removeValue(forKey: server) }
    }
}
