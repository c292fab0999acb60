import ArgumentParser
import CabinetAPI
import CabinetClient
import CabinetLedger
import CabinetMapping
import CabinetModel
import CabinetRPC

/// `ecabinet ledger export`.
struct LedgerExportCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract:
            "Writes the whole log into a file, and verifies it. For auditors of the directory.",
        discussion: """
            The file has all entries under one signed checkpoint (proto/log-file.md), and needs no server any \
            more: «ecabinet verify» and scripts/verify-log read it. It is there as a whole or not at all. \
            It says how everybody voted: keep it as you keep the minutes.

            A log that does not verify is written all the same: it is evidence.
            """
    )

    @Argument(help: "The file to write, as 2019-06-24.cabinet-log.", completion: .file())
    var file: String

    @Flag(help: "Replace a file that is there.")
    var force = false

    @OptionGroup var meeting: MeetingOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        try await connection.withSession(console) { session in
            let desk = try await session.desk(meeting.meeting)
            let installation = try session.installation()
            let newFile = try NewFile(file, replaces: force)
            let checkpoint = try await LogExport(of: desk.id, over: session.rpc).read {
                try newFile.write($0)
            }
            try newFile.finish()
            let report = try LogVerification(of: file, in: installation).report()
            try await session.withJournal { journal, _ in
                let history = try session.history(of: desk.id, in: installation, journal)
                // It is verified, and compared with all others that were seen.
                try await journal.keep(checkpoint, inPlaceOf: [])
                try await history.history.verify()
            }
            try console.show(LogReport(path: file, report: report))
        }
    }
}

/// The log of a meeting as it comes from the server.
struct LogExport: Sendable {
    /// Logs are long, and auditors have time: it is the server that ends a stream which does not go on.
    private static let patience = Duration.seconds(86_400)

    private let meeting: MeetingID
    private let ledger: LedgerService.Client

    init(of meeting: MeetingID, over rpc: any RPCCaller) {
        self.meeting = meeting
        ledger = LedgerService.Client(rpc)
    }

    /// Reads the log, and hands it on as the bytes of a log file, part by part.
    ///
    /// - Returns: The checkpoint that the entries are under. Nothing of it is verified.
    func read(_ take: ([UInt8]) throws -> Void) async throws -> SignedCheckpoint {
        let parts = try await ledger.exportLog(
            ExportLogRequest(meetingID: meeting.text),
            options: CallOptions(timeout: Self.patience)
        )
        var checkpoint: SignedCheckpoint?
        var treeSize: UInt64 = 0
        var next: UInt64 = 0
        for try await part in parts {
            if checkpoint == nil {
                let first = try Self.checkpoint(part)
                try take(LogFile.beginning(with: first))
                checkpoint = first
                treeSize = first.unverified.treeSize
            }
            guard part.firstIndex == next else {
                throw Failure(malformedAnswer: "entry \(next) of the log is missing")
            }
            // A server that never ends would fill the disk.
            guard UInt64(part.entries.count) <= treeSize - next else {
                throw Failure(malformedAnswer: "the log goes on after \(treeSize) entries")
            }
            var bytes: [UInt8] = []
            for entry in part.entries {
                bytes += try LogFile.piece(ofEntry: entry, at: next)
                next += 1
            }
            try take(bytes)
        }
        guard let checkpoint, next == treeSize else {
            throw Failure(malformedAnswer: "the log ends after \(next) entries")
        }
        return checkpoint
    }

    private static func checkpoint(_ part: ExportLogResponse) throws(Failure) -> SignedCheckpoint {
        let note = try answered(part.checkpoint).note
        do throws(CheckpointFormatError) {
            return try SignedCheckpoint(parsing: note)
        } catch {
            throw Failure(malformedAnswer: "\(error)")
        }
    }
}

extension LogFileError: FailureConvertible {
    var failure: Failure { Failure(malformedAnswer: "\(self)") }
}
