internal import CabinetMapping
internal import CabinetModel
internal import CabinetRPC
internal import CabinetStore

// Changes of the directory.

extension SequencerCore {
    func take(_ order: DirectoryOrder, at now: Moment) throws(StoreError) {
        try once(order.call) { () throws(RPCError) in
            let changed: Principal?
            do throws(DirectoryRejection) {
                changed = try directory.decide(
                    order.command,
                    by: .principal(order.call.caller),
                    at: now
                )
            } catch {
                throw RPCError(error)
            }
            try order.call.beginEffect()
            if let changed {
                directory.apply(changed)
                batch.principals.insert(changed.id)
                try freeze(order, at: now)
            }
            let id = order.command.principal
            guard let principal = directory.principals[id] else {
                throw RPCError(.internal, "there is no principal \(id)")
            }
            return order.response(principal)
        }
    }

    /// Writes a revocation into every meeting that has frozen the key.
    private func freeze(_ order: DirectoryOrder, at now: Moment) throws(RPCError) {
        guard case .revokeCertificate(let id, let key, let reason) = order.command else { return }
        for log in logs.values {
            let entries: [Entry]
            do throws(Rejection) {
                entries = try log.state.commit(
                    .revokeSigningKey(id, key, reason: reason),
                    by: .principal(order.call.caller),
                    at: now
                )
            } catch {
                throw RPCError(error)
            }
            if !entries.isEmpty { try appendOrRefuse(entries, to: log) }
        }
    }

    // MARK: - The first administrator

    /// Puts an administrator into the directory, if there is nobody in it.
    ///
    /// - Throws: `DirectoryRejection` where the certificate cannot be its, `StoreError` where it cannot be
    ///   stored.
    func appoint(_ administrator: FirstAdministrator, at now: Moment) throws {
        guard directory.principals.isEmpty else { return }
        var appointed = directory
        for command in try administrator.commands {
            guard let principal = try appointed.decide(command, by: .server, at: now) else {
                continue
            }
            appointed.apply(principal)
        }
        var batch = StoreBatch()
        batch.records = appointed.principals.values.map { principal in
            StoredRecord(
                kind: .principal,
                name: principal.id.text,
                bytes: PrincipalRecord.serialize(principal)
            )
        }
        try store.commit(batch)
        directory = appointed
        directoryView.publish(appointed)
    }
}

extension FirstAdministrator {
    /// What makes one of nobody.
    fileprivate var commands: [DirectoryCommand] {
        get throws {
            [
                .putPrincipal(
                    try PutPrincipal(id, displayName: displayName, roles: [.administrator])
                ),
                .addCertificate(
                    id,
                    try PrincipalCertificate(certificate, use: .transport(.computer))
                ),
            ]
        }
    }
}
