public import CabinetAPI
public import CabinetModel

// Principals as they travel and are stored.

extension CabinetAPI.Principal {
    /// The principal with all that the directory knows of it.
    public init(_ principal: CabinetModel.Principal) {
        self.init(
            principalID: principal.id.text,
            displayName: principal.displayName.value,
            office: principal.office?.value ?? "",
            roles: principal.roles.listed,
            certificates: principal.certificates.map { Certificate($0) },
            suspended: principal.isSuspended,
            revision: principal.revision
        )
    }

    /// As lists have it: without the DER of the certificates.
    var listed: CabinetAPI.Principal {
        var copy = self
        for index in copy.certificates.indices { copy.certificates[index].der = [] }
        return copy
    }
}

extension CabinetAPI.Certificate {
    /// The certificate as the directory keeps it.
    public init(_ certificate: PrincipalCertificate) {
        self.init(
            fingerprint: certificate.fingerprint.bytes,
            notBeforeUnixMs: certificate.validity.notBefore.unixMilliseconds,
            notAfterUnixMs: certificate.validity.notAfter.unixMilliseconds,
            revokedUnixMs: certificate.revoked.unixMilliseconds,
            der: certificate.der
        )
        switch certificate.use {
        case .transport(let device):
            use = .transport
            deviceKind = DeviceKind(device)
        case .signing:
            use = .signing
        }
    }
}

extension CabinetModel.Principal {
    /// The principal that a message says, with the certificates in it.
    ///
    /// - Throws: ``InvalidField``.
    init(_ message: CabinetAPI.Principal) throws(InvalidField) {
        let id = try field("principal_id", try PrincipalID(message.principalID))
        let name = try field("display_name", try DisplayName(message.displayName))
        let office = try field("office", try Office.optional(message.office, from: .record))
        let roles = try RoleSet(listed: message.roles)
        guard !roles.isEmpty else { throw InvalidField("roles", "a principal has a role") }
        guard message.revision > 0 else {
            throw InvalidField("revision", "the first revision is 1")
        }
        let certificates = try repeated("certificates", message.certificates) {
            certificate throws(InvalidField) in
            try PrincipalCertificate(certificate)
        }
        self = try field(
            "certificates",
            try Principal(
                id,
                displayName: name,
                office: office,
                roles: roles,
                certificates: certificates,
                isSuspended: message.suspended,
                revision: message.revision
            )
        )
    }
}

extension PrincipalCertificate {
    /// The certificate that a message says. Its DER is not parsed: what was accepted once stays what
    /// it was, whatever a later version accepts.
    fileprivate init(_ message: CabinetAPI.Certificate) throws(InvalidField) {
        let fingerprint = try field("fingerprint", try KeyFingerprint(message.fingerprint))
        let use = try Use(message.use, message.deviceKind)
        let notBefore = try field(
            "not_before_unix_ms",
            try Moment(unixMilliseconds: message.notBeforeUnixMs)
        )
        let notAfter = try field(
            "not_after_unix_ms",
            try Moment(unixMilliseconds: message.notAfterUnixMs)
        )
        let validity = try field(
            "not_after_unix_ms",
            try Validity(notBefore: notBefore, notAfter: notAfter)
        )
        let revoked = try field(
            "revoked_unix_ms",
            try Moment.optional(message.revokedUnixMs)
        )
        self = try field(
            "der",
            try PrincipalCertificate(
                fingerprint,
                use: use,
                validity: validity,
                revoked: revoked,
                der: message.der
            )
        )
    }
}

extension PrincipalCertificate.Use {
    /// The use that two fields say together.
    init(_ use: CertificateUse, _ device: CabinetAPI.DeviceKind) throws(InvalidField) {
        switch use {
        case .transport:
            self = .transport(try field("device_kind", try known(device)))
        case .signing:
            guard device == .unspecified else {
                throw InvalidField(
                    "device_kind",
                    "a signing certificate is of no kind of device"
                )
            }
            self = .signing
        case .unspecified, .unrecognized:
            throw InvalidField("use", "the value is one that the schema knows and allows here")
        }
    }
}
