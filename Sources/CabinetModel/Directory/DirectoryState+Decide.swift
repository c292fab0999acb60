extension DirectoryState {
    /// Finds what a command makes of a principal. Every rule of the directory is here, and nothing is
    /// changed.
    ///
    /// Only administrators may. Whether the caller is one is asked of this state, by the key of its
    /// connection, and not of the roles that it was given when the command came: meanwhile it may
    /// have lost the role or the certificate. The server itself may do everything: an operator puts
    /// the first administrator into an empty directory.
    ///
    /// No command, not even the server's, leaves a directory without an administrator who can
    /// connect, where there was one: by taking the role away, by suspending, by revoking. That
    /// certificates expire is beyond commands; if the last one has expired, the server helps.
    ///
    /// - Parameters:
    ///   - actor: Who gives it. Whether the actor may is the first rule.
    ///   - now: The server's clock.
    /// - Returns: The principal as it becomes, to be stored and then applied; `nil` where a
    ///   certificate that was revoked before is revoked again, which changes nothing.
    /// - Throws: ``DirectoryRejection``. Of several reasons it is the first that the comment of the
    ///   rpc lists.
    public func decide(
        _ command: DirectoryCommand,
        by actor: Actor,
        at now: Moment
    ) throws(DirectoryRejection) -> Principal? {
        try authorize(actor, at: now)
        let principal: Principal
        switch command {
        case .putPrincipal(let request):
            principal = try put(request)
        case .addCertificate(let id, let certificate):
            principal = try add(certificate, to: id, at: now)
        case .revokeCertificate(let id, let key, _):
            guard let revoked = try revoke(key, of: id, at: now) else { return nil }
            principal = revoked
        }
        try requireAdministrator(after: principal, at: now)
        return principal
    }

    private func authorize(_ actor: Actor, at now: Moment) throws(DirectoryRejection) {
        guard case .principal(let caller) = actor else { return }
        let principal = principal(authenticatedBy: caller.transportKey, at: now)
        guard let principal, principal.id == caller.id else { throw .principalUnknown }
        guard principal.roles.contains(.administrator) else {
            throw .roleRequired(roles: [.administrator])
        }
    }

    /// - Throws: ``DirectoryRejection/administratorRequired``.
    private func requireAdministrator(
        after changed: Principal,
        at now: Moment
    ) throws(DirectoryRejection) {
        guard principals[changed.id]?.canAdminister(at: now) == true,
            !changed.canAdminister(at: now)
        else { return }
        let isLast = !principals.values.contains {
            $0.id != changed.id && $0.canAdminister(at: now)
        }
        if isLast { throw .administratorRequired }
    }

    // MARK: - The commands

    /// A change of nothing is a change: it counts as one, and its sender learns the revision.
    private func put(_ request: PutPrincipal) throws(DirectoryRejection) -> Principal {
        let present = principals[request.id]
        guard present?.revision == request.expectedRevision else {
            throw .principalChanged(revision: present?.revision ?? 0)
        }
        guard let present else { return try create(request) }
        return present.changed {
            $0.displayName = request.displayName
            $0.office = request.office
            $0.roles = request.roles
            $0.isSuspended = request.isSuspended
        }
    }

    private func create(_ request: PutPrincipal) throws(DirectoryRejection) -> Principal {
        guard principals.count < Limits.principals else {
            throw .limitReached(.principals, maximum: Limits.principals)
        }
        do {
            return try Principal(
                request.id,
                displayName: request.displayName,
                office: request.office,
                roles: request.roles,
                isSuspended: request.isSuspended
            )
        } catch {
            throw .fieldInvalid(field: "roles", rule: error.rule)
        }
    }

    private func add(
        _ certificate: PrincipalCertificate,
        to id: PrincipalID,
        at now: Moment
    ) throws(DirectoryRejection) -> Principal {
        let principal = try known(id)
        guard certificate.validity.contains(now) else {
            throw .certificateInvalid(rule: "the certificate is valid now")
        }
        guard owners[certificate.fingerprint] == nil else { throw .certificateExists }
        guard principal.certificates.count < Limits.certificatesPerPrincipal else {
            throw .limitReached(.certificates, maximum: Limits.certificatesPerPrincipal)
        }
        guard
            certificate.use != .signing
                || principal.signingCertificateCount < Limits.signingKeys
        else { throw .limitReached(.signingCertificates, maximum: Limits.signingKeys) }
        return principal.changed { $0.certificates.append(certificate) }
    }

    private func revoke(
        _ key: KeyFingerprint,
        of id: PrincipalID,
        at now: Moment
    ) throws(DirectoryRejection) -> Principal? {
        let principal = try known(id)
        let index = principal.certificates.firstIndex { $0.fingerprint == key }
        guard let index else { throw .certificateNotFound }
        guard principal.certificates[index].revoked == nil else { return nil }
        return principal.changed { $0.certificates[index].revoked = now }
    }

    private func known(_ id: PrincipalID) throws(DirectoryRejection) -> Principal {
        guard let principal = principals[id] else { throw .principalNotFound(id) }
        return principal
    }
}
