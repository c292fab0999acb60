import ArgumentParser
import CabinetClient
import CabinetClientTexts
import CabinetModel
import CabinetTexts

/// `ecabinet receipt`.
struct ReceiptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receipt",
        abstract: "Shows and verifies the receipts of your ballots, and hands them to others.",
        discussion: """
            A receipt proves that a ballot is in the log, to anybody who has the log's key. Receipts are \
            kept in the profile's journal; list, show and export need no server.
            """,
        subcommands: [
            ReceiptListCommand.self, ReceiptShowCommand.self, ReceiptExportCommand.self,
            ReceiptFetchCommand.self, ReceiptSettleCommand.self,
        ]
    )
}

/// `ecabinet receipt list`.
struct ReceiptListCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the ballots that this profile has kept, and verifies each receipt."
    )

    @OptionGroup(title: "Journal") var journal: JournalOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        let installation = try journal.trust.installation()
        try await journal.withBallots { ballots in
            try console.show(KeptBallotsReport(ballots, in: installation))
        }
    }
}

/// `ecabinet receipt show`.
struct ReceiptShowCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Verifies a receipt, and prints what it proves step by step."
    )

    @Argument(help: "The receipt: its id, the beginning of that, or the poll.")
    var receipt: String

    @OptionGroup(title: "Journal") var journal: JournalOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        let installation = try journal.trust.installation()
        try await journal.withBallots { ballots in
            let kept = try ballots.named(receipt)
            try console.show(ReceiptReport(ballot: kept.proof(in: installation)))
        }
    }
}

/// `ecabinet receipt export`.
struct ReceiptExportCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes a receipt into two files, for others to verify with «ecabinet verify».",
        discussion: """
            POLL-ID.tlog-proof is the proof (C2SP tlog-proof), POLL-ID.entry the exact bytes of the entry, \
            which say how its member voted. scripts/verify-receipt reads both without any of our code.
            """
    )

    @Argument(help: "The receipt: its id, the beginning of that, or the poll.")
    var receipt: String

    @Option(
        help: ArgumentHelp("The folder to write into; the present one.", valueName: "folder"),
        completion: .directory
    )
    var to = "."

    @OptionGroup(title: "Journal") var journal: JournalOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        let installation = try journal.trust.installation()
        try await journal.withBallots { ballots in
            let ballot = try ballots.named(receipt).proof(in: installation)
            try console.show(ReceiptFiles(ballot, in: installation).write(into: to))
        }
    }
}

/// `ecabinet receipt fetch`.
struct ReceiptFetchCommand: DeskCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch",
        abstract:
            "Gets the receipt of your ballot from the server, also where another device cast it."
    )

    @Argument(help: "The poll.")
    var poll: String

    @Option(
        help: ArgumentHelp("Write it into files in this folder as well.", valueName: "folder"),
        completion: .directory
    )
    var to: String?

    @OptionGroup var meeting: MeetingOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func input() throws -> PollID { try PollID(typed: poll, .poll) }

    func run(at desk: MeetingDesk, _ id: PollID, in session: Session) async throws {
        try await session.withMember { member in
            let paper = try await member.voting.ballotPaper(of: id, in: desk.id)
            guard let ballot = paper.counting else { throw Failure(noBallotIn: id) }
            if let to {
                _ = try ReceiptFiles(ballot, in: session.installation()).write(into: to)
            }
            try session.console.show(ReceiptReport(ballot: ballot))
        }
    }
}

/// `ecabinet receipt settle`.
struct ReceiptSettleCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "settle",
        abstract:
            "Sends the ballots again of which it is not known whether they count. Each counts once."
    )

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        try await connection.withSession(console) { session in
            try await session.withMember { member in
                let settled = try await member.settlePending()
                try console.show(SettledReport(ballots: settled))
                // They are not settled, and a script is to know it.
                if let stuck = settled.first(where: \.isStuck) { _ = try stuck.result.get() }
            }
        }
    }
}

/// What became of ballots of before, as it is printed.
struct SettledReport: Report {
    let ballots: [SettledBallot]

    var json: JSONValue { .object([.init("settled", .array(ballots.map(\.json)))]) }

    func lines(_ style: Style, _ language: Language) -> [String] {
        guard !ballots.isEmpty else {
            return [
                Phrase(
                    "of every ballot it is known what became of it",
                    vi: "mọi phiếu đều đã rõ kết quả"
                ).text(in: language)
            ]
        }
        return ballots.flatMap { $0.phrase.text(in: language).sanitizedLines }
    }
}

extension Failure {
    fileprivate init(noBallotIn poll: PollID) {
        self.init(
            .refused,
            "ENTRY_NOT_FOUND",
            Phrase(
                "the log has no ballot of yours in \(poll)",
                vi: "nhật ký không có phiếu của bạn trong \(poll)"
            ),
            advice: Phrase(
                "the server finds yours by the device's owner; on another's device look with «ecabinet"
                    + " receipt list»",
                vi:
                    "máy chủ tìm phiếu theo chủ thiết bị; trên thiết bị của người khác hãy xem «ecabinet"
                    + " receipt list»"
            )
        )
    }
}
