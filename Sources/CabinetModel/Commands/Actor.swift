/// Who gives a command.
public enum Actor: Hashable, Sendable {
    /// The server itself: a timer, or an operator's restoration.
    case server
    /// A principal, over its connection.
    case principal(Caller)
}

/// A principal that gives a command. Its roles in the meeting are those that the meeting has frozen.
public struct Caller: Hashable, Sendable {
    public let id: PrincipalID
    /// Fingerprint of the key of the connection's certificate.
    public let transportKey: KeyFingerprint
    /// The idempotency key of the call.
    public let commandKey: CommandKey
    /// Its roles in the directory. They permit only what names no meeting yet, or what comes from the
    /// directory.
    public let directoryRoles: RoleSet

    public init(
        _ id: PrincipalID,
        transportKey: KeyFingerprint,
        commandKey: CommandKey,
        directoryRoles: RoleSet = []
    ) {
        self.id = id
        self.transportKey = transportKey
        self.commandKey = commandKey
        self.directoryRoles = directoryRoles
    }
}
