extension DirectoryState {
    /// The kinds of the devices that principals are connected with.
    ///
    /// - Parameters:
    ///   - keys: Fingerprints of the keys of all connections. Those that authenticate nobody are left
    ///     out.
    ///   - time: As ``principal(authenticatedBy:at:)`` takes it.
    /// - Complexity: O(*n*) in the keys.
    public func devices(
        connectedWith keys: some Sequence<KeyFingerprint>,
        at time: Moment
    ) -> [PrincipalID: Set<DeviceKind>] {
        var devices: [PrincipalID: Set<DeviceKind>] = [:]
        for key in keys {
            guard let principal = principal(authenticatedBy: key, at: time),
                case .transport(let kind)? = principal.certificate(key)?.use
            else { continue }
            devices[principal.id, default: []].insert(kind)
        }
        return devices
    }
}
