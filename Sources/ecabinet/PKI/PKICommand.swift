import ArgumentParser
import CabinetCrypto
import CabinetPKI
import CommandSupport

/// `ecabinet pki`.
struct PKICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pki",
        abstract: "Makes certificates for a trial. Not for real meetings.",
        discussion: """
            FOR TRIALS ONLY. The authority's key lies in a file, not encrypted, and whoever reads it can \
            issue certificates of anybody. Real meetings take certificates from an authority that keeps \
            its key in hardware and knows whom it certifies.

            All keys are of P-256, readable for their owner alone, and never overwritten. crl.pem is what \
            the server's --tls-revocation-lists reads; it has to be renewed before it is out of date, or \
            the server lets nobody in.
            """,
        subcommands: [
            PKICreateCommand.self, PKIIssueCommand.self, PKIRevokeCommand.self,
            PKIListCommand.self, PKIRenewListCommand.self,
        ]
    )
}

/// Where the authority of a trial is.
struct AuthorityOptions: ParsableArguments, Sendable {
    @Option(help: ArgumentHelp("The folder of the authority.", valueName: "folder"))
    var pki = "pki"
}

/// How long a revocation list is current.
struct RevocationListOptions: ParsableArguments, Sendable {
    @Option(
        help: ArgumentHelp("Days for which the revocation list is current.", valueName: "days")
    )
    var listDays = 30

    func validate() throws {
        try Days.check(listDays, "--list-days")
    }
}

/// Numbers of days on the command line.
enum Days {
    /// A hundred years.
    private static let most = 36_525

    static func check(_ days: Int, _ option: String) throws {
        guard (1...most).contains(days) else {
            throw ValidationError("\(option) is a number from 1 to \(most).")
        }
    }
}

extension Console {
    fileprivate func warnOfTrial() {
        warn(
            Warning(
                "TRIAL_CERTIFICATES",
                Phrase(
                    untranslated:
                        "these certificates are for a trial alone; the authority's key is not protected"
                )
            )
        )
    }
}

/// `ecabinet pki create`.
struct PKICreateCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Makes an authority in a new folder."
    )

    @OptionGroup var authority: AuthorityOptions

    @Option(help: ArgumentHelp("The name of the authority.", valueName: "name"))
    var name = "e-Cabinet trial authority"

    @Option(help: ArgumentHelp("Days for which it is valid.", valueName: "days"))
    var days = 3_650

    @OptionGroup var list: RevocationListOptions

    @OptionGroup(title: "Output") var output: OutputOptions

    func validate() throws {
        try Days.check(days, "--days")
    }

    func run(on console: Console) async throws {
        let made = try TrialAuthority.create(
            in: authority.pki,
            name: name,
            days: days,
            listDays: list.listDays
        )
        console.warnOfTrial()
        try console.show(
            Done(
                "created",
                authority.pki,
                Phrase(
                    untranslated: """
                        made an authority in \(authority.pki)
                          its certificate: \(made.certificateFile)
                          its revocation list: \(made.revocationListFile)
                        """
                ),
                facts: [
                    .init("authorities", .string(made.certificateFile)),
                    .init("revocation_lists", .string(made.revocationListFile)),
                    .init(
                        "fingerprint",
                        .string(made.certificate.publicKey.fingerprint.description)
                    ),
                ]
            )
        )
    }
}

/// `ecabinet pki issue`.
struct PKIIssueCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "issue",
        abstract: "Issues certificates with new keys.",
        discussion: """
            A server is reached under its --host names; a device connects; a member signs ballots. Each \
            gets NAME.pem and NAME.key in the folder servers, devices or members of the authority's.
            """
    )

    @Argument(help: "server, device or member.")
    var kind: CertificateRegister.Kind

    @Argument(help: "The names of the files: 1 to 64 lower-case letters, digits, '-', '_' and '.'.")
    var names: [String]

    @OptionGroup var authority: AuthorityOptions

    @Option(
        name: .customLong("host"),
        help: ArgumentHelp(
            "A name or address under which the server is reached. May be given more than once.",
            valueName: "name"
        )
    )
    var hosts: [String] = []

    @Option(
        help: ArgumentHelp(
            "The name in the certificate, where there is one. Otherwise that of the files.",
            valueName: "name"
        )
    )
    var commonName: String?

    @Option(help: ArgumentHelp("Days for which they are valid.", valueName: "days"))
    var days = 365

    @OptionGroup(title: "Output") var output: OutputOptions

    func validate() throws {
        try Days.check(days, "--days")
        guard !names.isEmpty else { throw ValidationError("Name at least one certificate.") }
        guard (kind == .server) == !hosts.isEmpty else {
            throw ValidationError("--host is for servers, which need one at least.")
        }
        guard commonName == nil || names.count == 1 else {
            throw ValidationError("--common-name is for one certificate.")
        }
    }

    func run(on console: Console) async throws {
        // All of them before the first key is made.
        let names = try names.map { try CertificateFileName($0).text }
        let hosts = try hosts.map { host throws(Failure) in
            do throws(IssuingError) {
                return try HostName(host)
            } catch {
                throw Failure(
                    .usage,
                    "HOST",
                    Phrase(untranslated: "--host is wrong"),
                    because: Phrase(untranslated: "\(error)")
                )
            }
        }
        var authority = try TrialAuthority(in: authority.pki)
        var issued: [CertificateRegister.Entry] = []
        for name in names {
            issued.append(
                try authority.issue(
                    kind,
                    name,
                    commonName: commonName ?? name,
                    hosts: hosts,
                    days: days
                )
            )
        }
        console.warnOfTrial()
        try console.show(
            CertificateReport(folder: authority.folder, entries: issued, listsFiles: true)
        )
    }
}

extension CertificateRegister.Kind: ExpressibleByArgument {}

/// `ecabinet pki revoke`.
struct PKIRevokeCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Revokes a certificate, and writes the revocation list anew.",
        discussion: """
            A server that runs reads the list at SIGHUP. A member's signing certificate has to be revoked \
            in the directory as well: meetings ask that, and no list.
            """
    )

    @Argument(help: "server, device or member.")
    var kind: CertificateRegister.Kind

    @Argument(help: "The name of the files.")
    var name: String

    @OptionGroup var authority: AuthorityOptions

    @Option(help: ArgumentHelp("Why it is revoked.", valueName: "reason"))
    var reason = RevocationReasonArgument.cessationOfOperation

    @OptionGroup var list: RevocationListOptions

    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        var authority = try TrialAuthority(in: authority.pki)
        let revoked = try authority.revoke(
            kind,
            name,
            reason.reason,
            listDays: list.listDays
        )
        console.note(
            revoked.isEmpty
                ? Phrase(untranslated: "it was revoked before; the list is new")
                : Phrase(
                    untranslated:
                        "the list is \(authority.revocationListFile); a server reads it at SIGHUP"
                )
        )
        try console.show(
            CertificateReport(folder: authority.folder, entries: revoked, listsFiles: false)
        )
    }
}

/// Why a certificate is revoked, on the command line.
enum RevocationReasonArgument: String, CaseIterable, ExpressibleByArgument, Sendable {
    case keyCompromise = "key-compromise"
    case affiliationChanged = "affiliation-changed"
    case superseded
    case cessationOfOperation = "cessation-of-operation"

    fileprivate var reason: Revocation.Reason {
        switch self {
        case .keyCompromise: .keyCompromise
        case .affiliationChanged: .affiliationChanged
        case .superseded: .superseded
        case .cessationOfOperation: .cessationOfOperation
        }
    }
}

/// `ecabinet pki list`.
struct PKIListCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists what the authority has issued, and what of it is revoked or has expired."
    )

    @OptionGroup var authority: AuthorityOptions

    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        let authority = try TrialAuthority(in: authority.pki)
        try console.show(
            CertificateReport(
                folder: authority.folder,
                entries: authority.certificates,
                listsFiles: false
            )
        )
    }
}

/// `ecabinet pki renew-list`.
struct PKIRenewListCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "renew-list",
        abstract: "Writes the revocation list anew, before the old one is out of date."
    )

    @OptionGroup var authority: AuthorityOptions
    @OptionGroup var list: RevocationListOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        var authority = try TrialAuthority(in: authority.pki)
        try authority.renewRevocationList(days: list.listDays)
        try console.show(
            Done(
                "renewed",
                authority.revocationListFile,
                Phrase(
                    untranslated:
                        "\(authority.revocationListFile) is current for \(list.listDays) days"
                )
            )
        )
    }
}
