internal import Synchronization

/// A server's certificate, key, trusted authorities and revocation lists, ready for connections.
///
/// TLS 1.3 only, ALPN `cabinet/1`, client certificates required, no early data, no compression
/// (CWP/1, section 1). Make it once, and not on an event loop: it reads files.
public final class TLSServerContext: Sendable {
    let core: ContextCore

    /// - Throws: ``TLSConfigurationError`` with what is wrong in which file.
    public init(
        _ files: TLSFiles,
        options: TLSContextOptions = TLSContextOptions()
    ) throws(TLSConfigurationError) {
        core = try ContextCore(side: .server, files: files, options: options)
    }

    /// Reads the files again, or other ones. Handshakes that begin later use them; connections that
    /// are open stay as they are: ask for their ``verdict(on:)``.
    ///
    /// - Throws: ``TLSConfigurationError``. The context then goes on with what it had.
    public func reload(_ files: TLSFiles) throws(TLSConfigurationError) {
        try core.reload(files)
    }

    /// The connections that have a TLS session now, those in the handshake included.
    public var sessionCount: Int { core.sessionCount.load(ordering: .relaxed) }

    /// Whether a client that was accepted earlier would be accepted now: after a reload, or after
    /// time has passed. So the connections of a revoked or expired certificate can be ended.
    ///
    /// Costs about as much as a handshake's verification, 0.1 ms. Callable from any thread.
    public func verdict(on identity: PeerIdentity) -> IdentityVerdict {
        core.verdict(on: identity)
    }
}

/// A client's certificate, key, trusted authorities and revocation lists, and the sessions that it
/// can resume.
///
/// TLS 1.3 only, ALPN `cabinet/1`, no early data, no compression (CWP/1, section 1). Make it once,
/// and not on an event loop: it reads files.
public final class TLSClientContext: Sendable {
    let core: ContextCore

    /// - Throws: ``TLSConfigurationError`` with what is wrong in which file.
    public init(
        _ files: TLSFiles,
        options: TLSContextOptions = TLSContextOptions()
    ) throws(TLSConfigurationError) {
        core = try ContextCore(side: .client, files: files, options: options)
    }

    /// Reads the files again, or other ones, and forgets the sessions that could be resumed.
    ///
    /// - Throws: ``TLSConfigurationError``. The context then goes on with what it had.
    public func reload(_ files: TLSFiles) throws(TLSConfigurationError) {
        try core.reload(files)
    }

    /// The connections that have a TLS session now, those in the handshake included.
    public var sessionCount: Int { core.sessionCount.load(ordering: .relaxed) }

    /// Whether a server that was accepted earlier would be accepted now.
    public func verdict(on identity: PeerIdentity) -> IdentityVerdict {
        core.verdict(on: identity)
    }
}
