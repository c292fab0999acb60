/// The PEM files that say who this side is and whom it trusts.
///
/// Both sides authenticate (CWP/1, rule 1.2), so a server and a client need the same.
public struct TLSFiles: Sendable {
    /// This side's certificate, and after it the intermediate certificates that its peers need.
    public var certificateChain: String
    /// The private key of the certificate.
    public var privateKey: String
    /// The certificate authorities that may sign a peer's certificate.
    public var trustedAuthorities: String
    /// The revocation lists (CRLs) of every authority in ``trustedAuthorities`` and of every
    /// intermediate one. `nil` switches the check off.
    public var revocationLists: String?
    /// The passphrase of the private key, where it is encrypted.
    public var passphrase: (@Sendable () -> String)?

    public init(
        certificateChain: String,
        privateKey: String,
        trustedAuthorities: String,
        revocationLists: String? = nil,
        passphrase: (@Sendable () -> String)? = nil
    ) {
        self.certificateChain = certificateChain
        self.privateKey = privateKey
        self.trustedAuthorities = trustedAuthorities
        self.revocationLists = revocationLists
        self.passphrase = passphrase
    }
}

/// What a context does beyond its files.
public struct TLSContextOptions: Sendable {
    /// The clock that certificates, revocation lists and session tickets are held against.
    public var clock: @Sendable () -> WallTime = { WallTime.now }

    /// Seconds for which a ticket key encrypts. It decrypts for as long again, so a session can be
    /// resumed for at most twice this time. 1 up to ``maxTicketKeySeconds``.
    public var ticketKeySeconds: Int64 = 4 * 3_600

    /// The most that ``ticketKeySeconds`` may be: a ticket lives for at most seven days (RFC 8446,
    /// section 4.6.1).
    public static let maxTicketKeySeconds: Int64 = 7 * 86_400 / 2

    /// Gives the secrets of every connection away. `nil` outside of a laboratory.
    public var keyLog: TLSKeyLog?

    public init() {}
}

/// Where the secrets of connections go, for a look at recorded traffic with a protocol analyser.
///
/// Whoever has them can read every connection: ``warn`` is called with a warning for the log each
/// time that a context is built with it.
public struct TLSKeyLog: Sendable {
    /// Takes one line in the NSS key log format. Called on any event loop.
    public var writeLine: @Sendable (String) -> Void
    /// Takes the warning.
    public var warn: @Sendable (String) -> Void

    public init(
        writeLine: @escaping @Sendable (String) -> Void,
        warn: @escaping @Sendable (String) -> Void
    ) {
        self.writeLine = writeLine
        self.warn = warn
    }
}
