import ArgumentParser
import CabinetLoad
import CommandSupport

/// What all rehearsals have in common: the server, and where the results go.
struct RehearsalOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The server that is rehearsed with.", valueName: "host:port"))
    var target: HostAndPort?

    @Option(
        help: ArgumentHelp(
            "The name in the server's certificate, where it is not that of --target.",
            discussion: "That of the trial's «server.pem» is localhost.",
            valueName: "name"
        )
    )
    var serverName: String?

    @Option(
        help: ArgumentHelp(
            "The throw-away authority of the trial, for --target.",
            valueName: "folder"
        )
    )
    var pki: String?

    @Option(
        help: ArgumentHelp(
            "Instead of these: the program ecabinetd, which is run for as long as the rehearsal takes.",
            discussion: """
                It listens on the loopback, with a data folder and certificates of its own, which are gone \
                afterwards. TMPDIR says where, and should not be in memory.
                """,
            valueName: "file"
        )
    )
    var ownServer: String?

    @Option(
        help: ArgumentHelp(
            "A command of the shell that restarts the server, where the scenario has it restarted.",
            discussion: "ECABINET_RESTART says how: kill or stop. It has two minutes.",
            valueName: "command"
        )
    )
    var restartCommand: String?

    @Option(
        help: ArgumentHelp(
            "The server's process, where it is on this machine, to look at what it takes.",
            valueName: "number"
        )
    )
    var serverProcess: Int32?

    @Option(
        help: ArgumentHelp(
            "Where the server's --metrics are, to read them.",
            valueName: "host:port"
        )
    )
    var metrics: HostAndPort?

    @Flag(
        help: ArgumentHelp(
            "Connect as fast as it goes: the server's limits for one address have been raised."
        )
    )
    var unpaced = false

    @Option(
        help: ArgumentHelp(
            "Agents that take shares of the load: «ecabinet-load agent» on other hosts.",
            discussion: """
                Members and followers are divided evenly between this process and them. They connect to \
                the same --target.
                """,
            valueName: "host:port,…"
        )
    )
    var agents = AgentList()

    @Option(
        help: ArgumentHelp("Where the choices come from; random if left out.", valueName: "number")
    )
    var seed: UInt64?

    @Option(help: ArgumentHelp("Event loops for those who vote.", valueName: "number"))
    var threads = 1

    @Option(help: ArgumentHelp("Write all figures to this file, as JSON.", valueName: "file"))
    var json: String?

    @Option(help: ArgumentHelp("Write a report to this file, as a page.", valueName: "file"))
    var report: String?

    func validate() throws {
        if ownServer == nil {
            guard target != nil, pki != nil else {
                throw ValidationError("It needs --target and --pki, or --own-server for a trial.")
            }
        } else {
            guard target == nil, serverName == nil, pki == nil, restartCommand == nil,
                serverProcess == nil,
                metrics == nil
            else {
                throw ValidationError(
                    "--own-server stands in place of --target, --server-name, --pki, "
                        + "--restart-command, --server-process and --metrics."
                )
            }
        }
        guard ownServer == nil || agents.addresses.isEmpty else {
            throw ValidationError(
                "--agents cannot reach --own-server: it needs --target and --pki."
            )
        }
        guard (1...256).contains(threads) else {
            throw ValidationError("--threads is a number from 1 to 256.")
        }
    }

    /// - Throws: ``Failure`` where the scenario asks for something that nobody can do here.
    func check(_ scenario: Scenario) throws(Failure) {
        let participants = scenario.participants(ofProcesses: agents.addresses.count + 1)
        guard participants <= Scenario.maximumParticipants else {
            throw Failure(
                .wrongFile,
                "a meeting has at most \(Scenario.maximumParticipants) participants, and these would be "
                    + "\(participants): the boards of each process need devices of their own, so take "
                    + "fewer agents, boards or members"
            )
        }
        if scenario.hasRestart, ownServer == nil, restartCommand == nil {
            throw Failure(
                .wrongFile,
                "the scenario restarts the server: say how with --restart-command, or use --own-server"
            )
        }
    }
}
