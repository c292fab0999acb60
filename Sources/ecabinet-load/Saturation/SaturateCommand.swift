import ArgumentParser
import CabinetModel
import CabinetRPC
import CabinetTLS
import CommandSupport
import NIOCore
import NIOPosix

/// Loads a server with signed ballots, and measures what the members see.
struct SaturateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "saturate",
        abstract: "Has members vote as fast as a server lets them, and measures them.",
        discussion: """
            It puts a secretary, an auditor and --members members into the directory of a running \
            ecabinetd, connects a device for each, and has the secretary prepare a meeting. In each of \
            the --polls polls of a round every member casts --ballots ballots, one after the other: all \
            members at once. What is measured is the time from the cast to the verified receipt: the \
            statement is made and signed, sent, and the receipt's signature, its proof and that the entry \
            is this very ballot are verified, all in this process. The time between the polls does not \
            count. A ballot is sent once: what the server refuses is an error.

            The folder of --pki is that of a throw-away authority, as echo-server makes it: the server has \
            to trust its ca.pem, and to know client.pem as an administrator's device. The log's key is \
            believed as the log states it; members have it from elsewhere. What the members of one machine \
            would share is left out: ballots are kept in no journal, since they would share one disk, and \
            a checkpoint that several of them get is verified once.

            Because each receipt makes room for the next ballot, a server that stalls is asked less: this \
            finds out how much it can do, and what that costs. How long people wait is what \
            ecabinet-load vote measures.

            The seed decides what is voted and is part of all names: a server takes each seed once.

            With --json each round is one line with an object on standard output:
              members, votes, errors    how many voted; ballots cast, and those of them that failed
              first_error               what the first of them failed of, or null
              seconds, rate_per_s       how long the polls took together, and ballots in a second
              latency_us                p50, p90, p99, p999 and max, in microseconds, to three digits
              server_cpu_us             processor time of --server-process for each ballot, or null

            \(Failure.documentation)
            """
    )

    @Option(help: ArgumentHelp("The server.", valueName: "host:port"))
    var target: HostAndPort

    @Option(help: ArgumentHelp("The throw-away authority of the trial.", valueName: "folder"))
    var pki: String

    @Option(help: ArgumentHelp("Members, each with a connection.", valueName: "number"))
    var members = 27

    @Option(help: ArgumentHelp("Polls of a round.", valueName: "number"))
    var polls = 10

    @Option(help: ArgumentHelp("Ballots of a member in a poll.", valueName: "number"))
    var ballots = Assembly.maximumBallots

    @Option(help: ArgumentHelp("Rounds.", valueName: "number"))
    var rounds = 1

    @Flag(help: "Wait for a line on standard input before each round; end where it ends.")
    var onRequest = false

    @Option(
        help: ArgumentHelp(
            "The server's process on this machine, to measure its processor time.",
            valueName: "number"
        )
    )
    var serverProcess: Int32?

    @Option(
        help: ArgumentHelp("Where the choices come from; random if left out.", valueName: "number")
    )
    var seed: UInt64?

    @Option(help: ArgumentHelp("Event loops of the client.", valueName: "number"))
    var threads = 1

    @Flag(help: "Print JSON objects.")
    var json = false

    func validate() throws {
        guard Assembly.members.contains(members) else {
            throw ValidationError("--members is a number from 1 to \(Assembly.members.upperBound).")
        }
        guard (1...10_000).contains(polls), (1...10_000).contains(rounds) else {
            throw ValidationError("--polls and --rounds are numbers from 1 to 10000.")
        }
        guard (1...Assembly.maximumBallots).contains(ballots) else {
            throw ValidationError("--ballots is a number from 1 to \(Assembly.maximumBallots).")
        }
        guard (1...256).contains(threads) else {
            throw ValidationError("--threads is a number from 1 to 256.")
        }
    }

    func run() async throws {
        try await Failure.reporting {
            try FileDescriptors.allow(connections: members + 3)
            let seed = seed ?? .random(in: .min ... .max)
            Output.complain("seed \(seed)")
            let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
            let outcome = await Result.of { try await load(group, seed) }
            try await group.shutdownGracefully()
            try outcome.get()
        }
    }

    /// When it returns, no client needs the event loops any more.
    private func load(_ group: MultiThreadedEventLoopGroup, _ seed: UInt64) async throws {
        let tag = "load-" + String(seed, radix: 36)
        let folder = try ThrowawayPKI(folder: pki)
        let server = Server(address: target, group: group, agent: "ecabinet-load saturate")
        let population = try Population(
            memberCount: members,
            tag: tag,
            knownTo: try TrialAuthority(folder)
        )
        let administrator = server.client(
            try Failure.wrongFile { () throws(TLSConfigurationError) in
                try TLSClientContext(folder.files(of: "client"))
            }
        )
        let devices = Devices(of: population, server)
        let outcome: Result<Void, any Error>
        do {
            try await Server.connect(administrator)
            try await population.enter(by: administrator)
            try await devices.connect()
            outcome = .success(try await vote(devices, tag, seed))
        } catch let error as RPCError {
            outcome = .failure(Failure(.requestsFailed, "the server refuses: \(error)"))
        } catch {
            outcome = .failure(error)
        }
        await administrator.close()
        await devices.close()
        try outcome.get()
    }

    private func vote(_ devices: Devices, _ tag: String, _ seed: UInt64) async throws {
        let load = Saturation(
            devices: devices,
            tag: tag,
            polls: polls,
            ballots: ballots,
            serverProcess: serverProcess.map(ProcessClock.init(of:)),
            generator: SeededGenerator(seed: seed)
        )
        Output.complain("\(members) members are connected to \(target)")
        for _ in 0..<rounds {
            if onRequest, readLine() == nil { return }
            let report = SaturationReport(try await load.round(), members: members)
            Output.say(json ? try report.jsonLine : report.text)
            if let error = report.firstError {
                throw Failure(
                    .requestsFailed,
                    "\(report.errors) of \(report.votes) ballots failed, the first of: \(error)"
                )
            }
        }
    }
}
