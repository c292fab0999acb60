public import CabinetAPI
public import CabinetCrypto
public import CabinetModel

// The requests of DirectoryService. Each initializer throws a `DirectoryRejection` for what is wrong
// with the request whatever the state of the directory; all else `DirectoryState.decide` says.

extension DirectoryCommand {
    /// DirectoryService.PutPrincipal.
    ///
    /// - Throws: `DirectoryRejection.fieldInvalid`.
    public init(_ request: PutPrincipalRequest) throws(DirectoryRejection) {
        do throws(InvalidField) {
            self = .putPrincipal(try PutPrincipal(request))
        } catch {
            throw error.directoryRejection
        }
    }

    /// DirectoryService.AddCertificate. The certificate is parsed here, before the directory is asked
    /// whether there is such a principal.
    ///
    /// - Parameters:
    ///   - parseCertificate: Reads a certificate in DER.
    ///   - isTrusted: Whether the issuer of a certificate is accepted for that use: whoever sees a
    ///     certificate for the first time has to verify its chain. It is asked last.
    /// - Throws: `DirectoryRejection.fieldInvalid`, `certificateInvalid`.
    public init(
        _ request: AddCertificateRequest,
        parseCertificate: ([UInt8]) throws(KeyError) -> SignerCertificate = {
            bytes throws(KeyError) in
            try SignerCertificate(der: bytes)
        },
        isTrusted: (SignerCertificate, PrincipalCertificate.Use) -> Bool
    ) throws(DirectoryRejection) {
        let id: PrincipalID
        let use: PrincipalCertificate.Use
        do throws(InvalidField) {
            id = try field("principal_id", try PrincipalID(request.principalID))
            use = try PrincipalCertificate.Use(request.use, request.deviceKind)
            guard Limits.certificateBytes.contains(request.der.count) else {
                throw InvalidField("der", "there are 1 to 4,096 bytes")
            }
        } catch {
            throw error.directoryRejection
        }
        let parsed: SignerCertificate
        do {
            parsed = try parseCertificate(request.der)
        } catch {
            throw .certificateInvalid(rule: error.description)
        }
        let certificate: PrincipalCertificate
        do {
            certificate = try PrincipalCertificate(parsed, use: use)
        } catch {
            throw .certificateInvalid(rule: error.rule)
        }
        guard use != .signing || parsed.isForSignatures else {
            throw .certificateInvalid(
                rule: "it is no authority's, and its key usage is for signatures"
            )
        }
        guard isTrusted(parsed, use) else {
            throw .certificateInvalid(rule: "the issuer is one that the server accepts")
        }
        self = .addCertificate(id, certificate)
    }

    /// DirectoryService.RevokeCertificate.
    ///
    /// - Throws: `DirectoryRejection.fieldInvalid`.
    public init(_ request: RevokeCertificateRequest) throws(DirectoryRejection) {
        do throws(InvalidField) {
            self = .revokeCertificate(
                try field("principal_id", try PrincipalID(request.principalID)),
                try field("fingerprint", try KeyFingerprint(request.fingerprint)),
                reason: try field(
                    "reason",
                    try RevocationReason(request.reason, from: .request)
                )
            )
        } catch {
            throw error.directoryRejection
        }
    }
}

extension PutPrincipal {
    fileprivate init(_ request: PutPrincipalRequest) throws(InvalidField) {
        let id = try field("principal_id", try PrincipalID(request.principalID))
        let name = try field(
            "display_name",
            try DisplayName(request.displayName, from: .request)
        )
        let office = try field("office", try Office.optional(request.office, from: .request))
        let roles = try RoleSet(listed: request.roles)
        self = try field(
            "roles",
            try PutPrincipal(
                id,
                displayName: name,
                office: office,
                roles: roles,
                isSuspended: request.suspended,
                expectedRevision: request.expectedRevision == 0 ? nil : request.expectedRevision
            )
        )
    }
}

extension PrincipalCertificate {
    /// What a parsed certificate says.
    ///
    /// - Throws: `InvalidValue` where its times cannot be read.
    public init(_ parsed: SignerCertificate, use: Use) throws(InvalidValue) {
        guard let last = parsed.validUnixSeconds.last, last > 0 else {
            throw InvalidValue("its times can be read, are in order, and end after 1970")
        }
        // What begins before there are moments begins with the first one. X.509 has no year above
        // 9999, so that the milliseconds do not overflow.
        let first = max(1, parsed.validUnixSeconds.lowerBound * 1_000)
        try self.init(
            KeyFingerprint(parsed.publicKey.fingerprint.bytes),
            use: use,
            validity: Validity(
                notBefore: Moment(unixMilliseconds: first),
                notAfter: Moment(unixMilliseconds: last * 1_000)
            ),
            der: parsed.der
        )
    }
}

extension InvalidField {
    /// What the caller of DirectoryService is answered.
    var directoryRejection: DirectoryRejection { .fieldInvalid(field: path, rule: rule) }
}
