public import CabinetAPI
public import CabinetLedger
public import CabinetModel
public import CabinetRPC

/// The log of a meeting as it comes from the server, as an auditor exports it. It says that it is that meeting's;
/// nothing else of it is verified.
public struct LogExport: Sendable {
    /// Logs are long, and auditors have time: it is the server that ends a stream which does not go on.
    private static let patience = Duration.seconds(86_400)

    private let meeting: MeetingID
    private let installation: TrustedInstallation
    private let ledger: LedgerService.Client

    public init(
        of meeting: MeetingID,
        in installation: TrustedInstallation,
        over rpc: any RPCCaller
    ) {
        self.meeting = meeting
        self.installation = installation
        ledger = LedgerService.Client(rpc)
    }

    /// Reads the log, and hands it on as the bytes of a log file, part by part.
    ///
    /// - Returns: The checkpoint that the entries are under.
    /// - Throws: ``LogExportError``, what the call fails with, and what `take` throws.
    public func read(_ take: ([UInt8]) throws -> Void) async throws -> SignedCheckpoint {
        guard let trusted = installation.log(of: meeting) else { throw LogExportError.nameTooLong }
        let parts = try await ledger.exportLog(
            ExportLogRequest(meetingID: meeting.text),
            options: CallOptions(timeout: Self.patience)
        )
        var log = ExportedLog(of: trusted.origin)
        for try await part in parts { try take(try log.take(part)) }
        return try log.finish()
    }
}

/// The parts of an export, each of which has to follow the one before.
public struct ExportedLog: Sendable {
    /// More than the longest log has: where it has 1,000,000 entries, no command begins any more
    /// (common.proto).
    public static let maximumEntries: UInt64 = 1_001_000

    private let origin: NoteLine
    private var checkpoint: SignedCheckpoint?
    private var treeSize: UInt64 = 0
    private var next: UInt64 = 0

    /// - Parameter origin: The name of the log that was asked for.
    public init(of origin: NoteLine) { self.origin = origin }

    /// The bytes of a log file that a part is.
    ///
    /// - Throws: ``LogExportError`` where entries are missing, where there are more than the checkpoint says, or
    ///   none: a server that never ends would fill the disk, or have somebody wait for ever.
    public mutating func take(_ part: ExportLogResponse) throws(LogExportError) -> [UInt8] {
        var bytes: [UInt8] = []
        if checkpoint == nil { bytes = try begin(part) }
        guard part.firstIndex == next else { throw .missing(entry: next) }
        guard !part.entries.isEmpty else { throw .empty(entry: next) }
        guard UInt64(part.entries.count) <= treeSize - next else {
            throw .beyondCheckpoint(treeSize: treeSize)
        }
        for entry in part.entries {
            do throws(LogFileError) {
                bytes += try LogFile.piece(ofEntry: entry, at: next)
            } catch {
                throw .entry(error)
            }
            next += 1
        }
        return bytes
    }

    private mutating func begin(_ part: ExportLogResponse) throws(LogExportError) -> [UInt8] {
        guard let note = part.checkpoint?.note else { throw .noCheckpoint }
        let first: SignedCheckpoint
        do throws(CheckpointFormatError) {
            first = try SignedCheckpoint(parsing: note)
        } catch {
            throw .checkpoint(error)
        }
        // The log of another meeting may be as sound, and is not what was asked for.
        guard first.unverified.origin == origin else {
            throw .otherLog(origin: first.unverified.origin)
        }
        treeSize = first.unverified.treeSize
        guard treeSize <= Self.maximumEntries else { throw .tooLong(treeSize: treeSize) }
        checkpoint = first
        return LogFile.beginning(with: first)
    }

    /// - Returns: The checkpoint, when all entries under it have come.
    /// - Throws: ``LogExportError/ended(entryCount:)``.
    public func finish() throws(LogExportError) -> SignedCheckpoint {
        guard let checkpoint, next == treeSize else { throw .ended(entryCount: next) }
        return checkpoint
    }
}

/// Why what comes of a log is not taken.
public enum LogExportError: Error, Hashable, Sendable {
    /// The first part has no checkpoint.
    case noCheckpoint
    /// The names of the installation and of the meeting are together too long for a log's.
    case nameTooLong
    /// The checkpoint is that of another log than was asked for.
    case otherLog(origin: NoteLine)
    /// The checkpoint has not the form of one.
    case checkpoint(CheckpointFormatError)
    /// The checkpoint is of more entries than ``ExportedLog/maximumEntries``.
    case tooLong(treeSize: UInt64)
    /// The part does not begin with the entry that follows.
    case missing(entry: UInt64)
    /// The part has no entries, and brings the export no further.
    case empty(entry: UInt64)
    /// There are more entries than the checkpoint says.
    case beyondCheckpoint(treeSize: UInt64)
    /// There are fewer.
    case ended(entryCount: UInt64)
    /// An entry has no bytes, or too many.
    case entry(LogFileError)
}

extension LogExportError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noCheckpoint: "the log comes without a checkpoint"
        case .nameTooLong: "the name of the log would be too long"
        case .otherLog(let origin): "the log is another one, «\(origin)»"
        case .checkpoint(let error): "\(error)"
        case .tooLong(let treeSize): "the log is to have \(treeSize) entries"
        case .missing(let entry): "entry \(entry) of the log is missing"
        case .empty(let entry): "a part of the log that begins with entry \(entry) has no entries"
        case .beyondCheckpoint(let treeSize): "the log goes on after \(treeSize) entries"
        case .ended(let count): "the log ends after \(count) entries"
        case .entry(let error): "\(error)"
        }
    }
}
