import ArgumentParser
import CabinetBoard
import CabinetModel
import CabinetTexts
import CommandSupport
import Foundation

/// `ecabinet watch`
struct WatchCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Shows a meeting as it happens.",
        discussion: """
            On a terminal it is a board: the agenda, who is present and how, and the poll, whose seats \
            light up as ballots arrive, as far as its rule lets them be seen. q or Ctrl-C ends it. It comes \
            back by itself after a lost link or a restart of the server.

            Where the output is no terminal, and with --lines, it is a line for each thing that happens; \
            with --json, a JSON object on a line.

            It needs the server's log-key.vkey (--log-key), and keeps what it saw of the log, so that it \
            finds out where history was rewritten. What the ballots of this profile have seen counts as well.
            """
    )

    @Argument(help: "The meeting's identifier.")
    var meeting: String

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp(
            "For whom it is shown: members, secretariat or display. Otherwise the first of secretariat, "
                + "members and display that the server lets you see.",
            valueName: "audience"
        )
    )
    var audience: AudienceName?

    @Flag(help: "Print lines on a terminal as well.")
    var lines = false

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on console: Console) async throws {
        let meeting = try MeetingID(typed: meeting, .meeting)
        try await connection.withSession(console, isConnected: false) { session in
            try await session.withWatchJournal { journal in
                try await session.addCheckpointsOfMembers(of: meeting, to: journal)
                let watch = Watch(
                    of: meeting,
                    as: audience.map { [$0.audience] } ?? AudienceName.order,
                    over: session.rpc,
                    in: try session.installation(),
                    journal: journal,
                    clock: ContinuousClock(),
                    now: SystemTime.now
                )
                try await show(watch, on: console)
            }
        }
    }

    private func show(_ watch: Watch<ContinuousClock>, on console: Console) async throws {
        let environment = ProcessInfo.processInfo.environment
        guard !console.isJSON, !lines, TerminalScreen.isPossible(environment) else {
            let view = LineView(console, zone: SystemTime.zone)
            return try await OutputReader.whileThere { try await watch.run(view) }
        }
        let style: TerminalStyle = console.style.isColoured ? .colour : .monochrome
        try await TerminalScreen.withScreen { screen in
            let view = BoardView(
                screen,
                style,
                language: console.language,
                zone: SystemTime.zone,
                hasUnicode: TerminalEncoding.isUTF8(environment: environment)
            )
            try await watch.run(view)
        }
    }
}

/// An audience on the command line.
enum AudienceName: String, CaseIterable, ExpressibleByArgument, Sendable {
    case members
    case secretariat
    case display

    var audience: Audience {
        switch self {
        case .members: .members
        case .secretariat: .secretariat
        case .display: .display
        }
    }

    /// From the one that sees the most.
    static let order: [Audience] = [.secretariat, .members, .display]
}
