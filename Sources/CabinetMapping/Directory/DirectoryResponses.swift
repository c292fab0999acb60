public import CabinetAPI
public import CabinetModel
public import CabinetRPC

// What DirectoryService answers.

extension GetSelfResponse {
    /// - Parameter fingerprint: Of the key of the connection's certificate.
    /// - Throws: `DirectoryRejection.principalUnknown`.
    public init(
        of state: DirectoryState,
        authenticatedBy fingerprint: KeyFingerprint,
        at now: Moment
    ) throws(DirectoryRejection) {
        guard let principal = state.principal(authenticatedBy: fingerprint, at: now) else {
            throw .principalUnknown
        }
        self.init(
            principal: Principal(principal),
            transportKeyFingerprint: fingerprint.bytes
        )
    }
}

extension GetPrincipalResponse {
    /// - Throws: `DirectoryRejection.fieldInvalid`, `principalNotFound`.
    public init(
        _ request: GetPrincipalRequest,
        of state: DirectoryState
    ) throws(DirectoryRejection) {
        let id: PrincipalID
        do {
            id = try field("principal_id", try PrincipalID(request.principalID))
        } catch {
            throw error.directoryRejection
        }
        guard let principal = state.principals[id] else { throw .principalNotFound(id) }
        self.init(principal: Principal(principal))
    }
}

extension ListPrincipalsResponse {
    /// A page of the principals that are found, by display name in Vietnamese collation, then by
    /// identifier.
    ///
    /// - Throws: `RPCError` with FIELD_INVALID or PAGE_TOKEN_INVALID.
    public init(
        _ request: ListPrincipalsRequest,
        of state: DirectoryState
    ) throws(RPCError) {
        let text: SearchText?
        let role: CabinetModel.Role?
        do throws(InvalidField) {
            text = try field("query", try SearchText.optional(request.query, from: .request))
            role = try field("role", try knownOrUnspecified(request.role))
        } catch {
            throw RPCError(error.directoryRejection)
        }
        var rest = request
        rest.pageSize = 0
        rest.pageToken = ""
        let page = try Pages(maximumSize: 100, usualSize: 50).page(
            of: state.listing(matching: text, role: role),
            size: request.pageSize,
            token: request.pageToken,
            of: rest
        ) { principal in principal.map { Principal($0).listed } }
        self.init(principals: page.items, nextPageToken: page.nextToken)
    }
}

extension PutPrincipalResponse {
    /// - Parameter principal: As it now is.
    public init(_ principal: CabinetModel.Principal) {
        self.init(principal: Principal(principal))
    }
}

extension AddCertificateResponse {
    /// - Parameter principal: With the certificate that was added, which is its last.
    public init(_ principal: CabinetModel.Principal) {
        self.init(certificate: principal.certificates.last.map { Certificate($0) })
    }
}

extension RevokeCertificateResponse {
    /// - Parameters:
    ///   - fingerprint: Of the revoked certificate's key.
    ///   - principal: As it now is, or as it was before where the certificate had been revoked.
    public init(_ fingerprint: KeyFingerprint, of principal: CabinetModel.Principal) {
        self.init(certificate: principal.certificate(fingerprint).map { Certificate($0) })
    }
}
