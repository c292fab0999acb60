import ArgumentParser
import CabinetClient
import CabinetLedger
import CabinetModel

/// `ecabinet ledger checkpoint`.
struct LedgerCheckpointCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract:
            "Gets the newest checkpoint, and proves that the log goes on from all that was seen."
    )

    @Option(
        help: ArgumentHelp("Write the signed note into this file as well.", valueName: "file"),
        completion: .file()
    )
    var to: String?

    @Flag(help: "Replace a file that is there.")
    var force = false

    @OptionGroup var meeting: MeetingOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        try await connection.withSession(console) { session in
            let desk = try await session.desk(meeting.meeting)
            let installation = try session.installation()
            try await session.withJournal { journal, _ in
                let history = try session.history(of: desk.id, in: installation, journal)
                let seen = try await journal.checkpoints(of: history.origin)
                let verified = try await history.history.verify()
                if let to {
                    let newest = try await journal.checkpoints(of: history.origin)
                        .first { $0.unverified == verified.checkpoint }
                    try write(newest, into: to)
                }
                try console.show(
                    CheckpointReport(
                        checkpoint: verified.checkpoint,
                        seen: seen.map(\.unverified.treeSize).max(),
                        file: to
                    )
                )
            }
        }
    }

    private func write(_ checkpoint: SignedCheckpoint?, into path: String) throws(Failure) {
        let file = try NewFile(path, replaces: force, permissions: 0o644)
        try file.write(try answered(checkpoint).serialized)
        try file.finish()
    }
}

/// `ecabinet ledger compare`.
struct LedgerCompareCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Proves that the log goes on from a checkpoint that somebody has kept.",
        discussion: """
            The file is a checkpoint, or a log or a receipt, whose checkpoint is taken. Where the log does \
            not go on from it, it was rewritten: keep both.
            """
    )

    @Argument(
        help: "The file: a checkpoint, a .cabinet-log or a .tlog-proof.",
        completion: .file()
    )
    var file: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        let kept = try KeptCheckpoint.read(file)
        try await connection.withSession(console) { session in
            let installation = try session.installation()
            let meeting = try installation.meeting(of: kept, in: file)
            let journal = MemoryBallotJournal()
            try journal.keep(kept, inPlaceOf: [])
            let history = try session.history(of: meeting, in: installation, journal)
            let verified = try await history.history.verify()
            try console.show(
                CheckpointReport(
                    checkpoint: verified.checkpoint,
                    seen: kept.unverified.treeSize,
                    file: nil
                )
            )
        }
    }
}

/// `ecabinet ledger accept-restoration`.
struct LedgerAcceptRestorationCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept-restoration",
        abstract: "Takes a log that was put back from a copy for the meeting's from now on.",
        discussion: """
            Only where the operator has said that the log was restored, and asked you for it. What this \
            profile saw before stays in its journal as evidence, and its receipts are written into files \
            first, which prove what the restored log may lack («ecabinet verify»). Ballots of which it is \
            not known whether the restored log has them are sent again by «ecabinet receipt settle».
            """
    )

    @Flag(help: "Do not ask.")
    var yes = false

    @OptionGroup var meeting: MeetingOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        try await connection.withSession(console) { session in
            let desk = try await session.desk(meeting.meeting)
            let installation = try session.installation()
            if !yes { try await Confirmation(console: console).ask(question(desk.id)) }
            try await session.withJournal { journal, member in
                let history = try session.history(of: desk.id, in: installation, journal)
                let receipts = try await journal.ballots(in: desk.id)
                    .compactMap { try $0.proven(in: installation) }
                if !receipts.isEmpty {
                    let folder = try session.folderOfFormerReceipts(of: member, in: desk.id)
                    for receipt in receipts {
                        _ = try ReceiptFiles(receipt, in: installation).write(into: folder)
                    }
                    console.warn(Warning(formerReceipts: receipts.count, in: folder))
                }
                // Before the log is believed: nobody knows which of them it still has.
                try await journal.reopenBallots(in: desk.id)
                let verified = try await history.history.acceptRestoration()
                // Or the board of this profile would go on to refuse it.
                try await session.withWatchJournal { watched in
                    let history = try session.history(of: desk.id, in: installation, watched)
                    _ = try await history.history.acceptRestoration()
                }
                try console.show(
                    CheckpointReport(checkpoint: verified.checkpoint, seen: nil, file: nil)
                )
            }
        }
    }

    private func question(_ meeting: MeetingID) -> Phrase {
        Phrase(
            "Give up what was seen of the log of \(meeting), and believe the restored one?",
            vi: "Bỏ những gì đã thấy của nhật ký \(meeting), và tin nhật ký đã khôi phục?"
        )
    }
}

extension Warning {
    fileprivate init(formerReceipts count: Int, in folder: String) {
        self.init(
            "FORMER_RECEIPTS",
            Phrase(
                "the receipts of before (\(count)) are in \(folder): keep them, for they prove what the"
                    + " restored log may lack",
                vi:
                    "các biên nhận trước đây (\(count)) nằm trong \(folder): hãy giữ lại, vì chúng chứng minh"
                    + " điều mà nhật ký đã khôi phục có thể thiếu"
            ),
            attributes: [
                .init("folder", .string(folder)), .init("receipts", .integer(Int64(count))),
            ]
        )
    }
}

// MARK: - Histories

extension Session {
    /// A log's history, with the origin that its checkpoints have.
    struct LogHistory: Sendable {
        let history: MeetingHistory
        let origin: NoteLine
    }

    /// Compares the checkpoint of a log that was exported with all others that were seen of it, and keeps it.
    ///
    /// - Throws: ``HistoryError`` where the log does not go on from them.
    func compare(
        _ exported: SignedCheckpoint,
        of meeting: MeetingID,
        in installation: TrustedInstallation
    ) async throws {
        try await withJournal { journal, _ in
            let history = try history(of: meeting, in: installation, journal)
            try await journal.keep(exported, inPlaceOf: [])
            try await history.history.verify()
        }
    }

    func history(
        of meeting: MeetingID,
        in installation: TrustedInstallation,
        _ journal: any CheckpointJournal
    ) throws(HistoryError) -> LogHistory {
        guard let log = installation.log(of: meeting) else { throw .logNameTooLong }
        return LogHistory(
            history: try MeetingHistory(of: meeting, in: installation, over: rpc, journal: journal),
            origin: log.origin
        )
    }
}
