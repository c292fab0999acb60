import CabinetCrypto
import CabinetPKI
import CabinetTLS
import CommandSupport
import Foundation

/// A throw-away authority in a folder, laid out as `ecabinet pki` does, and what it issues.
struct TrialPKI: Sendable {
    /// A certificate and its key, in files and in memory.
    struct Issued: Sendable {
        let certificateFile: String
        let keyFile: String
        let certificate: SignerCertificate
        let key: PrivateKey
    }

    private static let organization = "e-Cabinet DEMO"
    /// Long enough to look around.
    private static let validSeconds: Int64 = 30 * 86_400
    /// For a clock that is a little behind.
    private static let leadSeconds: Int64 = 3_600

    private let folder: String
    private let authority: CertificateAuthority
    private let validity: ClosedRange<Int64>

    var certificateFile: String { "\(folder)/ca.pem" }

    /// Makes the authority.
    ///
    /// - Parameter folder: It is there.
    init(in folder: String) throws {
        self.folder = folder
        let now = WallClock.milliseconds() / 1_000
        validity = now - Self.leadSeconds...now + Self.validSeconds
        let key = try PrivateKey.generate(.ecdsaP256SHA256)
        authority = try CertificateAuthority.create(
            DistinguishedName(organization: Self.organization, commonName: "e-Cabinet DEMO CA"),
            key: key,
            validity: validity
        )
        for kind in ["servers", "devices", "members"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder)/\(kind)",
                withIntermediateDirectories: false
            )
        }
        try write(authority.certificate, certificateFile)
        try write(key, "\(folder)/ca.key")
    }

    func server() throws -> TLSFiles {
        let issued = try issue(
            .server(["127.0.0.1", "::1", "localhost"].map { try HostName($0) }),
            to: "ecabinetd",
            as: "servers/ecabinetd"
        )
        return transport(issued)
    }

    func device(of id: String, named name: String) throws -> Issued {
        try issue(.device, to: name, as: "devices/\(id)")
    }

    func member(_ id: String, named name: String) throws -> Issued {
        try issue(.signing, to: name, as: "members/\(id)")
    }

    /// What a side connects with.
    func transport(_ issued: Issued) -> TLSFiles {
        TLSFiles(
            certificateChain: issued.certificateFile,
            privateKey: issued.keyFile,
            trustedAuthorities: certificateFile
        )
    }

    private func issue(
        _ purpose: CertificatePurpose,
        to name: String,
        as file: String
    ) throws -> Issued {
        let key = try PrivateKey.generate(.ecdsaP256SHA256)
        let issued = Issued(
            certificateFile: "\(folder)/\(file).pem",
            keyFile: "\(folder)/\(file).key",
            certificate: try authority.issue(
                purpose,
                to: DistinguishedName(organization: Self.organization, commonName: name),
                key: key.publicKey,
                validity: validity
            ),
            key: key
        )
        try write(issued.certificate, issued.certificateFile)
        try write(key, issued.keyFile)
        return issued
    }

    private func write(_ certificate: SignerCertificate, _ path: String) throws {
        try Data(PEM.text("CERTIFICATE", certificate.der).utf8)
            .write(to: URL(fileURLWithPath: path))
    }

    private func write(_ key: PrivateKey, _ path: String) throws {
        try Data(key.pem().utf8).write(to: URL(fileURLWithPath: path))
    }
}
