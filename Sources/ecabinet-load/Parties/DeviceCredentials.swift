import CabinetCrypto
import CabinetTLS
import Foundation

/// What a device connects with: a key of its own, and the certificate of it.
struct DeviceCredentials: Sendable {
    let key: PrivateKey
    /// In DER.
    let certificate: [UInt8]
    private let authorityFile: String

    /// Makes the key, and has the certificate issued.
    init(of owner: String, knownTo authority: TrialAuthority) throws {
        key = try PrivateKey.generate(.ecdsaP256SHA256)
        certificate = try authority.issue(key.publicKey, to: "device of \(owner)")
        authorityFile = authority.certificateFile
    }

    /// A context for connections. It reads files, which are removed again.
    func context() throws -> TLSClientContext {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "ecabinet-load-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
        defer { try? FileManager.default.removeItem(at: folder) }
        return try TLSClientContext(write(to: folder, as: "device"))
    }

    /// Writes certificate and key into a folder that is the owner's alone, in PEM.
    func write(to folder: URL, as name: String) throws -> TLSFiles {
        let files = TLSFiles(
            certificateChain: folder.appending(path: "\(name).pem").path,
            privateKey: folder.appending(path: "\(name).key").path,
            trustedAuthorities: authorityFile
        )
        try pem.write(toFile: files.certificateChain, atomically: false, encoding: .utf8)
        try key.pem().write(toFile: files.privateKey, atomically: false, encoding: .utf8)
        return files
    }

    private var pem: String {
        let text = Data(certificate).base64EncodedString(options: [
            .lineLength64Characters, .endLineWithLineFeed,
        ])
        return "-----BEGIN CERTIFICATE-----\n\(text)\n-----END CERTIFICATE-----\n"
    }
}
