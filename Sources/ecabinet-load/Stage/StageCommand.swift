import ArgumentParser
import CabinetRPC
import CabinetTLS
import CommandSupport
import Foundation
import NIOPosix

/// Puts up a meeting for programs that are not ours.
struct StageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stage",
        abstract:
            "Puts up a meeting, and writes what other programs need to follow it and to vote.",
        discussion: """
            It puts a secretary, an auditor, --members members and --displays wall boards into the \
            directory of a running ecabinetd, and has the secretary open a meeting, in which ballots are \
            shown with names. Then it waits for lines on standard input. At each it closes the poll that is \
            open, opens the next, and writes one line with an object: how many ballots there are for it.

            The files in --folder, which it makes:
              subscriber-N.pem, .key     devices of the wall boards, from 0
              carrier.pem, .key          the device of a member, which may carry everybody's ballots
              ca.pem                     the authority of the server
              follow                     the request of FollowMeeting
              ballots                    those of the poll that is open, 20 of each member: for each the \
            idempotency key of 16 bytes, the length of the request of CastBallot in 4 bytes, big-endian, and \
            the request

            The folder of --pki is that of a throw-away authority, as for saturate.

            \(Failure.documentation)
            """
    )

    @Option(help: ArgumentHelp("The server.", valueName: "host:port"))
    var target: HostAndPort

    @Option(help: ArgumentHelp("The throw-away authority of the trial.", valueName: "folder"))
    var pki: String

    @Option(help: ArgumentHelp("Where the files go; not there yet.", valueName: "folder"))
    var folder: String

    @Option(help: ArgumentHelp("Members.", valueName: "number"))
    var members = 27

    @Option(help: ArgumentHelp("Wall boards, each with a device.", valueName: "number"))
    var displays = 1

    @Option(
        help: ArgumentHelp("Where the choices come from; random if left out.", valueName: "number")
    )
    var seed: UInt64?

    func validate() throws {
        guard (1...600).contains(members), (0...600).contains(displays), members + displays <= 600
        else {
            throw ValidationError("--members is at least 1, and with --displays at most 600.")
        }
    }

    func run() async throws {
        try await Failure.reporting {
            let seed = seed ?? .random(in: .min ... .max)
            Output.complain("seed \(seed)")
            let trial = try ThrowawayPKI(folder: pki)
            try makeFolder(trial)
            let tag = "stage-" + String(seed, radix: 36)
            let population = try Population(
                memberCount: members,
                displayCount: displays,
                tag: tag,
                knownTo: try TrialAuthority(trial)
            )
            let server = Server(
                address: target,
                group: MultiThreadedEventLoopGroup.singleton,
                agent: "ecabinet-load stage"
            )
            let administrator = server.client(try administrator(trial))
            let secretary = server.client(population.secretary.tls)
            let auditor = server.client(population.auditor.tls)
            let outcome: Result<Void, any Error>
            do {
                try await Server.connect(administrator)
                try await population.enter(by: administrator)
                let stage = Stage(
                    population,
                    secretary: secretary,
                    auditor: auditor,
                    tag: tag,
                    folder: place,
                    generator: SeededGenerator(seed: seed)
                )
                outcome = .success(try await serve(stage))
            } catch let error as RPCError {
                outcome = .failure(Failure(.requestsFailed, "the server refuses: \(error)"))
            } catch {
                outcome = .failure(error)
            }
            for client in [administrator, secretary, auditor] { await client.close() }
            try outcome.get()
        }
    }

    private func serve(_ stage: Stage) async throws {
        try await stage.prepare()
        Output.complain("the meeting is open on \(target)")
        while readLine() != nil {
            Output.say("{\"ballots\": \(try await stage.nextPoll())}")
        }
    }

    private var place: URL { URL(fileURLWithPath: folder) }

    private func administrator(_ pki: ThrowawayPKI) throws -> TLSClientContext {
        try Failure.wrongFile { () throws(TLSConfigurationError) in
            try TLSClientContext(pki.files(of: "client"))
        }
    }

    private func makeFolder(_ pki: ThrowawayPKI) throws {
        do {
            try FileManager.default.createDirectory(
                at: place,
                withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o700]
            )
            try FileManager.default.copyItem(
                at: pki.folder.appending(path: "ca.pem"),
                to: place.appending(path: "ca.pem")
            )
        } catch {
            throw Failure(
                .wrongFile,
                "\(folder) cannot be made: \(error.localizedDescription)"
            )
        }
    }
}
