import ArgumentParser
import CabinetAPI
import CabinetCrypto

/// `ecabinet directory certificate`.
struct DirectoryCertificateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certificate",
        abstract: "Gives principals certificates, and revokes them.",
        discussion: """
            A certificate for transport lets a device connect as its principal; one for signing signs \
            ballots in its name. «ecabinet directory show» lists those that a principal has.
            """,
        subcommands: [
            DirectoryCertificateAddCommand.self, DirectoryCertificateRevokeCommand.self,
        ]
    )
}

/// `ecabinet directory certificate add`.
struct DirectoryCertificateAddCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Gives a principal a certificate."
    )

    @Argument(help: "The identifier of the principal.")
    var id: String

    @Argument(help: "The certificate, in PEM.", completion: .file(extensions: ["pem"]))
    var file: String

    @Option(help: ArgumentHelp("What it is for: transport or signing.", valueName: "use"))
    var use: CertificateUseArgument

    @Option(
        help: ArgumentHelp(
            "For transport, the device: \(DeviceArgument.allValueStrings.joined(separator: ", ")).",
            valueName: "kind"
        )
    )
    var device: DeviceArgument?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func validate() throws {
        guard (use == .transport) == (device != nil) else {
            throw ValidationError("--device is for certificates for transport, which need it.")
        }
    }

    func run(on console: Console) async throws {
        let certificate = try CertificateFile.read(file)
        try await connection.withSession(console) { session in
            let added = try await Directory(over: session.rpc).addCertificate(
                certificate.der,
                use == .transport ? .transport : .signing,
                device?.kind ?? .unspecified,
                to: id
            )
            try console.show(PrincipalCertificateReport(principal: id, certificate: added))
        }
    }
}

/// `ecabinet directory certificate revoke`.
struct DirectoryCertificateRevokeCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract:
            "Revokes a certificate for good: connections with it end, ballots with it are refused."
    )

    @Argument(help: "The identifier of the principal.")
    var id: String

    @Argument(
        help: ArgumentHelp(
            "The certificate: a file in PEM, or the 64 hexadecimal digits of its key's fingerprint.",
            valueName: "certificate"
        ),
        completion: .file(extensions: ["pem"])
    )
    var certificate: String

    @Option(help: ArgumentHelp("Why, for people.", valueName: "text"))
    var reason: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        let fingerprint = try CertificateFile.fingerprint(certificate)
        try await connection.withSession(console) { session in
            let revoked = try await Directory(over: session.rpc).revokeCertificate(
                fingerprint,
                of: id,
                because: reason
            )
            try console.show(PrincipalCertificateReport(principal: id, certificate: revoked))
        }
    }
}

/// A certificate in a file that a person names.
enum CertificateFile {
    static func read(_ path: String) throws(Failure) -> SignerCertificate {
        let pem = try Files.text(path)
        do throws(KeyError) {
            return try SignerCertificate(pem: pem)
        } catch {
            throw Failure(
                .badData,
                "CERTIFICATE_FILE",
                Phrase(untranslated: "\(path) is no certificate that can be used"),
                because: Phrase(untranslated: "\(error)"),
                advice: Phrase(untranslated: "name a file with -----BEGIN CERTIFICATE-----")
            )
        }
    }

    /// - Parameter text: 64 hexadecimal digits, or the name of a file.
    static func fingerprint(_ text: String) throws(Failure) -> [UInt8] {
        if let bytes = Hexadecimal.bytes(text), bytes.count == SHA256Digest.byteCount {
            return bytes
        }
        return try read(text).publicKey.fingerprint.bytes
    }
}
