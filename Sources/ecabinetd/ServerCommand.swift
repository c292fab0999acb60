import ArgumentParser
import CommandSupport
import Foundation

/// The program.
@main
struct ServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ecabinetd",
        abstract: "Serves the meetings of a governing body until SIGTERM or SIGINT.",
        discussion: """
            A setting is taken from the command line, else from the environment, else from the \
            configuration file, a JSON object in which «tls.key» is {"tls": {"key": …}}.

            The key that signs the logs is secret. The one that verifies them is written into the data \
            folder as log-key.vkey, for members and auditors.

            When it listens it writes one line to standard output, «listening on ADDRESS:PORT», a second \
            one where it serves metrics, «metrics on http://ADDRESS:PORT/metrics», and its log to standard \
            error. SIGHUP reads certificates and revocation lists again, and ends the \
            connections of those who would not be let in any more. Told to stop, it takes no more \
            connections, lets calls in flight finish for the time that --grace gives, and ends.

            \(ServerFailure.documentation)
            """
    )

    @Option(help: ArgumentHelp("A JSON file with settings.", valueName: "file"))
    var config: String?

    @Flag(help: "Look whether a server could start with these settings, and end.")
    var checkConfig = false

    @Option(
        help: ArgumentHelp(
            "Write into every log that the data folder was restored from a copy, and end.",
            discussion: """
                To be given once, after the copy was put in place and before the server starts. The reason \
                is for people, and stays in the logs.
                """,
            valueName: "reason"
        )
    )
    var restored: String?

    @Flag(
        help: ArgumentHelp(
            "Give the administrator that the settings name the certificate that they name, and end.",
            discussion: """
                For a data folder whose administrators have no valid certificate left. A principal with \
                the identifier keeps its name and its other roles; a principal that has 12 certificates \
                takes no more, and needs another identifier.
                """
        )
    )
    var recoverAdministrator = false

    @OptionGroup
    var flags: SettingFlags

    func run() async throws {
        do {
            try await serve()
        } catch let failure as ServerFailure {
            Output.complain("ecabinetd: \(failure.message)")
            throw ExitCode(failure.code.rawValue)
        }
    }

    func validate() throws {
        if recoverAdministrator, restored != nil {
            throw ValidationError("--restored and --recover-administrator are for one call each")
        }
    }

    private func serve() async throws {
        let environment = ProcessInfo.processInfo.environment
        try UnknownKeys.check(environment: environment, file: config)
        let settings = try await Settings(
            flags: flags.values,
            environment: environment,
            file: config
        )
        let plan = try ServerPlan(settings)
        if checkConfig {
            Output.say("the configuration is sound")
            return
        }
        if recoverAdministrator {
            let principal = try plan.recoverAdministrator()
            Output.say("gave a certificate to \(principal); now start the server")
            return
        }
        if let restored {
            let count = try plan.markRestored(restored)
            Output.say("wrote into \(count) logs that they were restored; now start the server")
            return
        }
        try await plan.run()
    }
}
