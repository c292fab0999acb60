import ArgumentParser
import CommandSupport
import Foundation
import NIOPosix

/// Kills a server while members vote, and looks whether it kept its word.
struct CrashTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crash-test",
        abstract: "Kills a server while members vote, and audits its ledger.",
        discussion: """
            In each cycle a poll is opened in a running ecabinetd, and all members cast signed ballots, with \
            a journal on the disk each. At a random moment the server is killed by SIGKILL, and started \
            again; now and then it is killed once more while it starts. Members' casts are given up as well, \
            while they wait for an answer, and their journals opened anew. All send what is in their journals \
            until it is proven to count. Then the poll is closed, and an auditor looks whether every acknowledged ballot is in the \
            log exactly once, whether every receipt is of the log's history, whether there is a ballot that \
            nobody was told of, and whether the tally is that of the acknowledged ballots.

            With --fault the server's disk fails instead, from a random moment on: the server has to stop by \
            itself with the code 74, and must acknowledge nothing that was sent afterwards. With «power» the \
            machine is gone. With all of them, what was written to the write-ahead log and not synced is cut \
            off before the next start. It takes the command strace.

            \(Failure.documentation)
            """
    )

    @Option(help: ArgumentHelp("The server's program.", valueName: "file"))
    var server: String

    @Option(
        help: ArgumentHelp(
            "Where everything is kept, on a disk and not in memory; removed at the end where all went well.",
            valueName: "folder"
        )
    )
    var folder: String

    @Option(help: ArgumentHelp("Cycles.", valueName: "number"))
    var cycles = 20

    @Option(help: ArgumentHelp("Members.", valueName: "number"))
    var members = 12

    @Option(
        help: ArgumentHelp(
            "What fails: \(StoreFault.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "call:error"
        )
    )
    var fault: StoreFault?

    @Option(
        help: ArgumentHelp("What all choices come from; random if left out.", valueName: "number")
    )
    var seed: UInt64?

    func validate() throws {
        guard (1...100_000).contains(cycles) else {
            throw ValidationError("--cycles is a number from 1 to 100000.")
        }
        guard (2...100).contains(members) else {
            throw ValidationError("--members is a number from 2 to 100.")
        }
    }

    func run() async throws {
        try await Failure.reporting {
            let seed = seed ?? .random(in: .min ... .max)
            Output.complain("seed \(seed)")
            let place = URL(fileURLWithPath: folder)
            guard !FileManager.default.fileExists(atPath: folder) else {
                throw Failure(.wrongFile, "\(folder) is there: name a folder that is not there yet")
            }
            let test = try CrashTest(
                program: server,
                folder: place,
                fault: fault,
                generator: SeededGenerator(seed: seed)
            )
            do {
                try await test.prepare(members: members)
                for cycle in 1...cycles { Output.say(try await test.cycle(cycle)) }
                Output.say(test.summary)
            } catch {
                await test.end()
                throw Failure(
                    .requestsFailed,
                    "\(error)\nEverything is kept in \(folder); the seed is \(seed)."
                )
            }
            await test.end()
            try? FileManager.default.removeItem(at: place)
        }
    }
}
