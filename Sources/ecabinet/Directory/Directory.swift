import CabinetAPI
import CabinetRPC
import Foundation

/// The directory of a server.
struct Directory: Sendable {
    private let client: DirectoryService.Client

    init(over caller: any RPCCaller) {
        client = DirectoryService.Client(caller)
    }

    /// All that are found, from as many pages as there are.
    func principals(
        matching query: String?,
        role: Role
    ) async throws -> [Principal] {
        var request = ListPrincipalsRequest(
            query: (query ?? "").precomposedStringWithCanonicalMapping,
            role: role,
            pageSize: 100
        )
        return try await Paging.all { token in
            request.pageToken = token
            let page = try await client.listPrincipals(request)
            return (page.principals, page.nextPageToken)
        }
    }

    func principal(_ id: String) async throws -> Principal {
        let response = try await client.getPrincipal(GetPrincipalRequest(principalID: id))
        return try answered(response.principal)
    }

    /// - Returns: `nil` where the directory has none of that identifier.
    func existingPrincipal(_ id: String) async throws -> Principal? {
        do {
            return try await principal(id)
        } catch let error as RPCError where error.hasDomainReason("PRINCIPAL_NOT_FOUND") {
            return nil
        }
    }

    /// Writes everything of a principal but its certificates. Its revision is that which the change is
    /// based on, or 0.
    func put(_ principal: Principal) async throws -> Principal {
        let response = try await client.putPrincipal(
            PutPrincipalRequest(
                principalID: principal.principalID,
                displayName: principal.displayName,
                office: principal.office,
                roles: principal.roles,
                suspended: principal.suspended,
                expectedRevision: principal.revision
            )
        )
        return try answered(response.principal)
    }

    func setSuspended(_ isSuspended: Bool, _ id: String) async throws -> PrincipalReport {
        var principal = try await principal(id)
        guard principal.suspended != isSuspended else {
            return PrincipalReport(principal: principal)
        }
        principal.suspended = isSuspended
        return PrincipalReport(principal: try await put(principal))
    }

    func addCertificate(
        _ der: [UInt8],
        _ use: CertificateUse,
        _ device: DeviceKind,
        to id: String
    ) async throws -> Certificate {
        let response = try await client.addCertificate(
            AddCertificateRequest(principalID: id, use: use, deviceKind: device, der: der)
        )
        return try answered(response.certificate)
    }

    func revokeCertificate(
        _ fingerprint: [UInt8],
        of id: String,
        because reason: String
    ) async throws -> Certificate {
        let response = try await client.revokeCertificate(
            RevokeCertificateRequest(
                principalID: id,
                fingerprint: fingerprint,
                reason: reason.precomposedStringWithCanonicalMapping
            )
        )
        return try answered(response.certificate)
    }
}

extension RPCError {
    fileprivate func hasDomainReason(_ reason: String) -> Bool {
        details.contains { $0.domain == "cabinet.v1" && $0.reason == reason }
    }
}
