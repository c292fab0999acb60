import CabinetAPI
import CabinetClient
import CabinetLedger
import CabinetModel
import CabinetRPC

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
        var log = ExportedLog()
        for try await part in parts { try take(try log.take(part)) }
        return try log.finish()
    }
}

/// The parts of an export, each of which has to follow the one before.
struct ExportedLog {
    /// More than the longest log has: where it has 1,000,000 entries, no command begins any more
    /// (common.proto).
    static let maximumEntries: UInt64 = 1_001_000

    private var checkpoint: SignedCheckpoint?
    private var treeSize: UInt64 = 0
    private var next: UInt64 = 0

    /// The bytes of a log file that a part is.
    ///
    /// - Throws: ``Failure`` where entries are missing, or there are more than the checkpoint says: a server
    ///   that never ends would fill the disk.
    mutating func take(_ part: ExportLogResponse) throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        if checkpoint == nil { bytes = try begin(part) }
        guard part.firstIndex == next else {
            throw Failure(malformedAnswer: "entry \(next) of the log is missing")
        }
        guard UInt64(part.entries.count) <= treeSize - next else {
            throw Failure(malformedAnswer: "the log goes on after \(treeSize) entries")
        }
        for entry in part.entries {
            do throws(LogFileError) {
                bytes += try LogFile.piece(ofEntry: entry, at: next)
            } catch {
                throw error.failure
            }
            next += 1
        }
        return bytes
    }

    private mutating func begin(_ part: ExportLogResponse) throws(Failure) -> [UInt8] {
        let note = try answered(part.checkpoint).note
        let first: SignedCheckpoint
        do throws(CheckpointFormatError) {
            first = try SignedCheckpoint(parsing: note)
        } catch {
            throw Failure(malformedAnswer: "\(error)")
        }
        treeSize = first.unverified.treeSize
        guard treeSize <= Self.maximumEntries else {
            throw Failure(malformedAnswer: "the log is to have \(treeSize) entries")
        }
        checkpoint = first
        return LogFile.beginning(with: first)
    }

    /// - Returns: The checkpoint, when all entries under it have come.
    func finish() throws(Failure) -> SignedCheckpoint {
        guard let checkpoint, next == treeSize else {
            throw Failure(malformedAnswer: "the log ends after \(next) entries")
        }
        return checkpoint
    }
}

extension LogFileError: FailureConvertible {
    var failure: Failure { Failure(malformedAnswer: "\(self)") }
}
