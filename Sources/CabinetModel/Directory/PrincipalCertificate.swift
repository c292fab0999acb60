/// A certificate of a principal, as far as the directory looks at it (directory.proto,
/// `Certificate`). The certificate has been parsed, and its issuer accepted, before.
public struct PrincipalCertificate: Hashable, Sendable {
    /// What it is for.
    public enum Use: Hashable, Sendable {
        /// Authenticates the connections of a device.
        case transport(DeviceKind)
        /// Signs ballots in its owner's name.
        case signing
    }

    /// Fingerprint of the certificate's key.
    public let fingerprint: KeyFingerprint
    public let use: Use
    public let validity: Validity
    /// When it was revoked; `nil` where it was not. It is for good, whatever the clock says later.
    public internal(set) var revoked: Moment?
    /// The certificate in DER. 1…4,096 bytes.
    public let der: [UInt8]

    /// - Throws: ``InvalidValue`` where the DER is too long, or there is none.
    public init(
        _ fingerprint: KeyFingerprint,
        use: Use,
        validity: Validity,
        revoked: Moment? = nil,
        der: [UInt8]
    ) throws(InvalidValue) {
        guard Limits.certificateBytes.contains(der.count) else {
            throw InvalidValue("a certificate has 1 to 4,096 bytes")
        }
        self.fingerprint = fingerprint
        self.use = use
        self.validity = validity
        self.revoked = revoked
        self.der = der
    }

    /// Whether it authenticates a connection at a time.
    func authenticates(at time: Moment) -> Bool {
        guard case .transport = use else { return false }
        return revoked == nil && validity.contains(time)
    }
}

/// When a certificate is valid (RFC 5280, section 4.1.2.5): from the beginning of one second to the
/// end of another.
public struct Validity: Hashable, Sendable {
    public let notBefore: Moment
    /// In the last second, which belongs to it.
    public let notAfter: Moment

    /// - Throws: ``InvalidValue`` where the end is before the start.
    public init(notBefore: Moment, notAfter: Moment) throws(InvalidValue) {
        guard notBefore <= notAfter else {
            throw InvalidValue("the end of a validity is not before its start")
        }
        self.notBefore = notBefore
        self.notAfter = notAfter
    }

    public func contains(_ time: Moment) -> Bool {
        notBefore <= time && time.unixMilliseconds / 1_000 <= notAfter.unixMilliseconds / 1_000
    }
}
