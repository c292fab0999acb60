internal import CabinetAPI
internal import CabinetCrypto
internal import CabinetMapping
internal import CabinetModel
internal import CabinetRPC

/// Serves `cabinet.v1.DirectoryService`. Who may call what, ``AccessTable`` says.
struct DirectoryHandler: DirectoryService.Handler {
    let calls: CallHandling
    /// Whether the issuer of a certificate is accepted for its use.
    let isTrusted: @Sendable (SignerCertificate, PrincipalCertificate.Use) -> Bool
    /// Called when connections may have to end, because somebody was suspended or a certificate revoked.
    let accessChanged: @Sendable () -> Void

    // MARK: - Reading

    func getSelf(
        _ request: GetSelfRequest,
        context: CallContext
    ) async throws -> GetSelfResponse {
        let caller = try calls.callers.caller(of: context)
        return try refusing { () throws(DirectoryRejection) in
            try GetSelfResponse(
                of: calls.callers.directory.state,
                authenticatedBy: caller.transportKey,
                at: calls.callers.clock()
            )
        }
    }

    func getPrincipal(
        _ request: GetPrincipalRequest,
        context: CallContext
    ) async throws -> GetPrincipalResponse {
        try refusing { () throws(DirectoryRejection) in
            try GetPrincipalResponse(request, of: calls.callers.directory.state)
        }
    }

    func listPrincipals(
        _ request: ListPrincipalsRequest,
        context: CallContext
    ) async throws -> ListPrincipalsResponse {
        try ListPrincipalsResponse(request, of: calls.callers.directory.state)
    }

    // MARK: - Changes

    func putPrincipal(
        _ request: PutPrincipalRequest,
        context: CallContext
    ) async throws -> PutPrincipalResponse {
        let command = try refusing { () throws(DirectoryRejection) in
            try DirectoryCommand(request)
        }
        let response = try await calls.execute(
            request,
            context,
            command,
            answering: PutPrincipalResponse.init
        )
        if request.suspended { accessChanged() }
        return response
    }

    func addCertificate(
        _ request: AddCertificateRequest,
        context: CallContext
    ) async throws -> AddCertificateResponse {
        let command = try refusing { () throws(DirectoryRejection) in
            try DirectoryCommand(request, isTrusted: isTrusted)
        }
        return try await calls.execute(
            request,
            context,
            command,
            answering: AddCertificateResponse.init
        )
    }

    func revokeCertificate(
        _ request: RevokeCertificateRequest,
        context: CallContext
    ) async throws -> RevokeCertificateResponse {
        let command = try refusing { () throws(DirectoryRejection) in
            try DirectoryCommand(request)
        }
        guard case .revokeCertificate(_, let key, _) = command else {
            throw RPCError(.internal, "a revocation is one")
        }
        let response = try await calls.execute(request, context, command) {
            RevokeCertificateResponse(key, of: $0)
        }
        accessChanged()
        return response
    }
}

/// What is refused, as the caller is told.
private func refusing<Value>(
    _ body: () throws(DirectoryRejection) -> Value
) throws(RPCError) -> Value {
    do {
        return try body()
    } catch {
        throw RPCError(error)
    }
}
