import CabinetAPI
import CabinetModel
import CabinetTLS

/// Somebody of the directory, with a device that connects and, as a member, a key that signs ballots.
struct Person: Sendable {
    let id: PrincipalID
    let name: String
    let roles: [CabinetAPI.Role]
    let deviceKind: CabinetAPI.DeviceKind
    let device: TrialPKI.Issued
    let tls: TLSClientContext
    /// `nil` for who does not vote.
    let signature: TrialPKI.Issued?

    /// Makes the keys, and has the certificates issued.
    init(
        _ id: String,
        named name: String,
        _ roles: [CabinetAPI.Role],
        _ deviceKind: CabinetAPI.DeviceKind,
        _ pki: TrialPKI
    ) throws {
        self.id = try PrincipalID(id)
        self.name = name
        self.roles = roles
        self.deviceKind = deviceKind
        device = try pki.device(of: id, named: name)
        tls = try TLSClientContext(pki.transport(device))
        signature = roles.contains(.member) ? try pki.member(id, named: name) : nil
    }
}
