internal import CabinetMapping
internal import CabinetModel
internal import CabinetRPC
internal import CabinetStore

// Changes of the directory.

extension SequencerCore {
    func take(_ order: DirectoryOrder, at now: Moment) throws(StoreError) {
        try once(order.call) { () throws(RPCError) in
            let caller = try present(order.call.caller, at: now)
            let changed: Principal?
            do throws(DirectoryRejection) {
                changed = try directory.decide(order.command, by: .principal(caller), at: now)
            } catch {
                throw RPCError(error)
            }
            let revocations = try revocations(order.command, by: .principal(caller), at: now)
            try order.call.beginEffect()
            if let changed {
                directory.apply(changed)
                batch.principals.insert(changed.id)
            }
            append(revocations)
            let id = order.command.principal
            guard let principal = directory.principals[id] else {
                throw RPCError(.internal, "there is no principal \(id)")
            }
            return order.response(principal)
        }
    }

    // MARK: - Revocations

    /// Entries that write revocations into a log.
    private struct Revocations {
        let log: MeetingLog
        let entries: [Entry]
    }

    /// What writes a revocation into every meeting that has frozen the key, also where the directory had
    /// revoked it before. Nothing is changed.
    private func revocations(
        _ command: DirectoryCommand,
        by actor: Actor,
        at now: Moment
    ) throws(RPCError) -> [Revocations] {
        guard case .revokeCertificate(let id, let key, let reason) = command else { return [] }
        var revocations: [Revocations] = []
        for log in logs.values {
            do throws(Rejection) {
                let command = Command.revokeSigningKey(id, key, reason: reason)
                let entries = try log.state.commit(command, by: actor, at: now)
                revocations.append(Revocations(log: log, entries: entries))
            } catch {
                throw RPCError(error)
            }
        }
        return revocations
    }

    private func append(_ revocations: [Revocations]) {
        for revocation in revocations where !revocation.entries.isEmpty {
            do {
                try append(revocation.entries, to: revocation.log)
            } catch {
                // A revocation has no room for anything long.
                preconditionFailure("a revocation is too long: \(error)")
            }
        }
    }

    /// Writes into every meeting what it has missed: a log that was not served when a key was revoked,
    /// because it was damaged or has been restored from a copy since.
    func catchUp(at now: Moment) {
        for log in logs.values {
            for (id, keys) in log.state.frozenKeys {
                for certificate in directory.principals[id]?.certificates ?? []
                where certificate.revoked != nil && keys.contains(certificate.fingerprint) {
                    revoke(certificate.fingerprint, of: id, in: log, at: now)
                }
            }
        }
    }

    private func revoke(
        _ key: KeyFingerprint,
        of id: PrincipalID,
        in log: MeetingLog,
        at now: Moment
    ) {
        guard let reason = try? RevocationReason("revoked while this log was not served"),
            let entries = try? log.state.commit(
                .revokeSigningKey(id, key, reason: reason),
                by: .server,
                at: now
            )
        else { preconditionFailure("the server may revoke a key in every meeting") }
        append([Revocations(log: log, entries: entries)])
    }

    // MARK: - The first administrator

    /// Puts an administrator into the directory, if there is nobody in it.
    ///
    /// - Throws: `DirectoryRejection` where the certificate cannot be its, `StoreError` where it cannot be
    ///   stored.
    func appoint(_ administrator: FirstAdministrator, at now: Moment) throws {
        guard directory.principals.isEmpty else { return }
        try recover(administrator, at: now)
    }

    /// Gives an administrator a way in, whoever else is in the directory: the certificates of those who
    /// keep it may all have expired, or been lost.
    ///
    /// A principal with that identifier keeps its name and its other roles, is one of the administrators
    /// and is not suspended from then on, and gets the certificate. Any other is new.
    ///
    /// - Throws: As ``appoint(_:at:)``.
    func recover(_ administrator: FirstAdministrator, at now: Moment) throws {
        var recovered = directory
        for command in try administrator.commands(directory.principals[administrator.id]) {
            guard let principal = try recovered.decide(command, by: .server, at: now) else {
                continue
            }
            recovered.apply(principal)
        }
        guard let principal = recovered.principals[administrator.id] else { return }
        var batch = StoreBatch()
        batch.records = [
            StoredRecord(
                kind: .principal,
                name: principal.id.text,
                bytes: PrincipalRecord.serialize(principal)
            )
        ]
        try store.commit(batch)
        directory = recovered
        directoryView.publish(recovered)
    }
}

extension FirstAdministrator {
    /// What makes one of nobody, or of the principal that has the identifier.
    fileprivate func commands(_ present: Principal?) throws -> [DirectoryCommand] {
        let roles = RoleSet((present?.roles.roles ?? []) + [.administrator])
        let addition = DirectoryCommand.addCertificate(
            id,
            try PrincipalCertificate(certificate, use: .transport(.computer))
        )
        if let present, present.roles == roles, !present.isSuspended { return [addition] }
        return [
            .putPrincipal(
                try PutPrincipal(
                    id,
                    displayName: present?.displayName ?? displayName,
                    office: present?.office,
                    roles: roles,
                    expectedRevision: present?.revision
                )
            ),
            addition,
        ]
    }
}
