import ArgumentParser
import CabinetClient
import CommandSupport
import Foundation

/// Where a command connects to and with what: a profile, and what stands in place of parts of it.
struct ConnectionOptions: ParsableArguments, Sendable {
    @Option(
        help: ArgumentHelp(
            "The profile to take the rest from. Otherwise ECABINET_PROFILE, or «default».",
            valueName: "name"
        )
    )
    var profile: String?

    @OptionGroup
    var values: ConnectionValues

    @Option(
        help: ArgumentHelp(
            "How long to wait for the server, as 10s, 500ms or 2m.",
            valueName: "time"
        )
    )
    var timeout = WaitingTime(.seconds(10))

    @Flag(help: "Write what the connection does to standard error.")
    var verbose = false
}

/// What a profile holds, as options.
struct ConnectionValues: ParsableArguments, Sendable {
    @Option(help: ArgumentHelp("The server.", valueName: "host:port"))
    var server: HostAndPort?

    @Option(
        help: ArgumentHelp("This device's certificate, in PEM.", valueName: "file"),
        completion: .file(extensions: ["pem"])
    )
    var certificate: String?

    @Option(
        help: ArgumentHelp("The private key of that certificate.", valueName: "file"),
        completion: .file(extensions: ["key", "pem"])
    )
    var key: String?

    @Option(
        help: ArgumentHelp(
            "The authorities that may have signed the server's certificate.",
            valueName: "file"
        ),
        completion: .file(extensions: ["pem"])
    )
    var authorities: String?

    @Option(
        help: ArgumentHelp("Revocation lists of all these authorities.", valueName: "file"),
        completion: .file()
    )
    var revocationLists: String?

    @Option(
        help: ArgumentHelp(
            "The key that verifies the logs, from whoever runs the server: its log-key.vkey, or the line "
                + "in it.",
            valueName: "file or key"
        ),
        completion: .file(extensions: ["vkey"])
    )
    var logKey: String?

    @Option(
        help: ArgumentHelp(
            "The member's key that signs ballots, where it is not the device's.",
            valueName: "file"
        ),
        completion: .file(extensions: ["key", "pem"])
    )
    var signingKey: String?

    @Option(
        help: ArgumentHelp(
            "The certificate of the key that signs ballots.",
            valueName: "file"
        ),
        completion: .file(extensions: ["pem"])
    )
    var signingCertificate: String?

    @Option(
        help: ArgumentHelp(
            "Whose ballots are signed, where it is not the device's owner.",
            valueName: "principal"
        )
    )
    var member: String?

    /// As a profile keeps them: paths are absolute.
    var profile: Profile {
        Profile(
            server: server,
            certificate: certificate.map(Self.absolute),
            key: key.map(Self.absolute),
            authorities: authorities.map(Self.absolute),
            revocationLists: revocationLists.map(Self.absolute),
            logKey: logKey.map { TrustedInstallation.isKey($0) ? $0 : Self.absolute($0) },
            signingKey: signingKey.map(Self.absolute),
            signingCertificate: signingCertificate.map(Self.absolute),
            member: member
        )
    }

    private static func absolute(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.path
    }
}
