import ArgumentParser
import CabinetTexts
import CommandSupport
import Foundation
import UnixSignals

/// The program.
@main
struct DemoCommand: AsyncParsableCommand, Sendable {
    static let configuration = CommandConfiguration(
        commandName: "ecabinet-demo",
        abstract: "Plays the first session of the e-Cabinet, of 24 June 2019.",
        discussion: """
            It starts an ecabinetd on this machine, on a free port of 127.0.0.1, with certificates made for \
            it. 27 members by office, a secretary, an auditor and a wall board have keys of their own, and \
            each connects for itself. They hold the meeting: 21 in the room, 4 remote, 2 absent, and a draft \
            resolution on electronic identification and authentication, which is voted on with signed \
            ballots. Then its minutes are verified offline, by this project's verifier and by tools that \
            are none of its programs. That all happens; only who sat where and had which keys is made up.

            On a terminal it shows the wall board while the meeting goes on; otherwise, and with --lines, \
            it prints lines.

            \(DemoFailure.documentation)
            """
    )

    @Option(
        help: ArgumentHelp(
            "The pause between two steps, 0 to 60; \(Pace.usual) if left out.",
            valueName: "seconds"
        )
    )
    var pace = Pace.usual

    @Option(
        help: ArgumentHelp(
            "The language: vi or en. Otherwise that of the locale.",
            valueName: "language"
        ),
        transform: Self.language
    )
    var language: Language?

    @Option(
        help: ArgumentHelp(
            "Where everything is kept; empty, or not there yet. Otherwise a new temporary folder.",
            valueName: "folder"
        )
    )
    var keep: String?

    @Flag(help: "Print lines on a terminal as well.")
    var lines = false

    @Option(
        help: ArgumentHelp(
            "Where ecabinetd and ecabinet are. Otherwise beside this program.",
            valueName: "folder"
        )
    )
    var programs: String?

    @Option(
        help: ArgumentHelp(
            "Where the verifiers are that are none of the server's programs.",
            valueName: "folder"
        )
    )
    var verifiers = "scripts"

    private static func language(_ code: String) throws -> Language {
        guard let language = Language(rawValue: code) else {
            throw ValidationError("it is vi or en")
        }
        return language
    }

    func validate() throws {
        guard (0...60).contains(pace) else {
            throw ValidationError("--pace is a number of seconds from 0 to 60.")
        }
    }

    func run() async throws {
        // Keys are among what is made, and a log that says how everybody voted.
        umask(0o077)
        // A server that has ended does not end this program as well.
        signal(SIGPIPE, SIG_IGN)
        let environment = ProcessInfo.processInfo.environment
        let language = language ?? Language(environment: environment)
        do {
            try await Interruption.heeding {
                try await play(language, environment)
            }
        } catch let failure as DemoFailure {
            Output.complain("ecabinet-demo: " + failure.text(in: language))
            throw ExitCode(failure.code.rawValue)
        }
    }

    private func play(_ language: Language, _ environment: [String: String]) async throws {
        let tools = try Tools(programs: programs, verifiers: verifiers)
        let workspace = try Workspace(keptIn: keep)
        let show = Show(
            language,
            screen: lines ? nil : Screen(language, environment)
        )
        let performance = Performance(
            show: show,
            pace: Pace(seconds: pace),
            workspace: workspace,
            tools: tools
        )
        let resuming = Task {
            for await _ in await UnixSignalsSequence(trapping: .sigcont) { show.redraw() }
        }
        defer { resuming.cancel() }
        do {
            try await performance.run()
        } catch {
            show.lowerCurtain()
            let failure =
                Task.isCancelled ? .interrupted : DemoFailure(error, while: show.act)
            // Whoever interrupts it has no use for what there is so far.
            if failure.code == .interrupted {
                workspace.discard()
                throw failure
            }
            throw failure.with(workspace)
        }
    }
}
