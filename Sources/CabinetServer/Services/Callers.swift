internal import CabinetMapping
internal import CabinetModel
internal import CabinetRPC
internal import CabinetTLS

/// A principal whose connection carries a call.
struct KnownCaller: Sendable {
    let id: PrincipalID
    /// Of the connection's certificate.
    let transportKey: KeyFingerprint
    /// What the directory says of the principal.
    let facts: DirectoryFacts

    /// Whether it may read the log of a meeting: as an auditor, which it is by the directory.
    ///
    /// Who takes part in a meeting is no auditor of it. The log says how members voted before the rule of
    /// a poll lets anybody in the meeting see it, and who sees that must not speak or vote in it.
    func isAuditor(of meeting: MeetingState) -> Bool {
        facts.roles.contains(.auditor) && meeting.proceedings.attendees[id] == nil
    }

    /// As the model takes it.
    ///
    /// - Throws: INVALID_ARGUMENT / IDEMPOTENCY_KEY_REQUIRED.
    func commanding(_ context: CallContext) throws(RPCError) -> Caller {
        guard let bytes = context.idempotencyKey?.bytes, let key = try? CommandKey(bytes) else {
            throw RPCError(.idempotencyKeyRequired)
        }
        return Caller(
            id,
            transportKey: transportKey,
            commandKey: key,
            directoryRoles: facts.roles
        )
    }
}

/// Finds whom a connection belongs to.
struct Callers: Sendable {
    let directory: DirectoryView
    let clock: @Sendable () -> Moment

    /// - Throws: UNAUTHENTICATED / PRINCIPAL_UNKNOWN.
    func caller(of context: CallContext) throws(RPCError) -> KnownCaller {
        try caller(connectedAs: context.peer)
    }

    /// - Throws: UNAUTHENTICATED / PRINCIPAL_UNKNOWN.
    func caller(connectedAs peer: PeerIdentity) throws(RPCError) -> KnownCaller {
        let now = clock()
        guard let key = try? KeyFingerprint(peer.publicKeyFingerprint.bytes),
            let principal = directory.principal(authenticatedBy: key, at: now)
        else { throw RPCError(.principalUnknown) }
        return KnownCaller(
            id: principal.id,
            transportKey: key,
            facts: DirectoryFacts(principal, at: now)
        )
    }

    /// Why the directory shuts out a device, in English; `nil` where it does not. A device that it does
    /// not know may connect, and is told so when it calls.
    @Sendable func refusal(of peer: PeerIdentity) -> String? {
        guard let key = try? KeyFingerprint(peer.publicKeyFingerprint.bytes),
            directory.knows(key),
            directory.principal(authenticatedBy: key, at: clock()) == nil
        else { return nil }
        return "the directory has revoked the certificate, or suspended its owner"
    }
}
