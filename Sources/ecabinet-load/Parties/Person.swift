import CabinetAPI
import CabinetCrypto
import CabinetTLS

/// Somebody of the directory, with a device that connects and, as a member, a key that signs ballots.
struct Person: Sendable {
    /// What a member signs ballots with.
    struct Signature: Sendable {
        let key: PrivateKey
        /// In DER.
        let certificate: [UInt8]
    }

    let id: String
    let displayName: String
    let roles: [Role]
    let device: DeviceCredentials
    let tls: TLSClientContext
    /// `nil` for whom does not vote.
    let signature: Signature?

    /// Makes the keys, and has the certificates issued.
    init(
        _ id: String,
        named displayName: String,
        _ roles: [Role],
        knownTo authority: TrialAuthority
    ) throws {
        self.id = id
        self.displayName = displayName
        self.roles = roles
        device = try DeviceCredentials(of: id, knownTo: authority)
        tls = try device.context()
        guard roles.contains(.member) else {
            signature = nil
            return
        }
        let key = try PrivateKey.generate(.ecdsaP256SHA256)
        signature = Signature(
            key: key,
            certificate: try authority.issue(key.publicKey, to: id)
        )
    }
}
