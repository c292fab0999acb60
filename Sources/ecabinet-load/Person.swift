import CabinetAPI
import CabinetCrypto
import CabinetTLS
import Foundation

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
    /// Of the device's connections, in DER.
    let transportCertificate: [UInt8]
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
        let device = try PrivateKey.generate(.ecdsaP256SHA256)
        transportCertificate = try authority.issue(
            device.publicKey,
            to: "device of \(id)"
        )
        tls = try Self.context(device, transportCertificate, authority)
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

    /// A context of a key and certificate that are in memory: it reads files, which are removed again.
    private static func context(
        _ key: PrivateKey,
        _ certificate: [UInt8],
        _ authority: TrialAuthority
    ) throws -> TLSClientContext {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "ecabinet-load-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = TLSFiles(
            certificateChain: folder.appending(path: "device.pem").path,
            privateKey: folder.appending(path: "device.key").path,
            trustedAuthorities: authority.certificateFile
        )
        try pem(certificate).write(
            toFile: files.certificateChain,
            atomically: false,
            encoding: .utf8
        )
        try key.pem().write(toFile: files.privateKey, atomically: false, encoding: .utf8)
        return try TLSClientContext(files)
    }

    private static func pem(_ certificate: [UInt8]) -> String {
        let text = Data(certificate).base64EncodedString(options: [
            .lineLength64Characters, .endLineWithLineFeed,
        ])
        return "-----BEGIN CERTIFICATE-----\n\(text)\n-----END CERTIFICATE-----\n"
    }
}
