/// Who is connected now, and with what (live.proto, `PresenceSnapshot`): beside the log, and without
/// influence on it.
public struct ConnectedDevices: Hashable, Sendable {
    /// The kinds of devices of everyone who is connected; never empty for one who is.
    public private(set) var kinds: [PrincipalID: Set<DeviceKind>] = [:]

    /// Nobody is connected.
    public init() {}

    /// The kinds of a participant's devices; none where it is not connected.
    public subscript(id: PrincipalID) -> Set<DeviceKind> {
        get { kinds[id] ?? [] }
        set { kinds[id] = newValue.isEmpty ? nil : newValue }
    }

    public func isConnected(_ id: PrincipalID) -> Bool { kinds[id] != nil }
}
