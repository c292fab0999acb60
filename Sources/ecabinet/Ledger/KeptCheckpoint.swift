import CabinetClient
import CabinetLedger
import CabinetModel
import Foundation

/// A checkpoint that somebody has kept in a file.
enum KeptCheckpoint {
    /// The checkpoint of a file: itself, or that of a log or of a receipt. Nothing of it is verified.
    static func read(_ path: String) throws(Failure) -> SignedCheckpoint {
        let beginning = try beginning(of: path)
        if beginning.starts(with: LogFile.magic) {
            return try LogCheckpoint.read(beginning, path)
        }
        if beginning.starts(with: ReceiptFile.magic) {
            return try ReceiptFile.proof(path).checkpoint
        }
        do throws(CheckpointFormatError) {
            return try SignedCheckpoint(parsing: beginning)
        } catch {
            throw Failure(
                .badData,
                "CHECKPOINT_MALFORMED",
                Phrase("\(path) has no checkpoint", vi: "\(path) không có mốc ký của nhật ký"),
                because: Phrase(detail: "\(error)", vi: "nội dung tệp không phải mốc ký"),
                advice: Phrase(
                    "name a file that «ecabinet ledger checkpoint --to» or «ledger export» has written",
                    vi:
                        "hãy chọn tệp do «ecabinet ledger checkpoint --to» hoặc «ledger export» ghi ra"
                )
            )
        }
    }

    /// As much as the longest checkpoint takes, also within a log.
    static func beginning(of path: String) throws(Failure) -> [UInt8] {
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            return [UInt8](try file.read(upToCount: 2 * LedgerLimits.maximumNoteBytes) ?? Data())
        } catch {
            throw Failure(cannotRead: path, error)
        }
    }
}

/// The checkpoint that a log file begins with.
enum LogCheckpoint {
    static func read(_ beginning: [UInt8], _ path: String) throws(Failure) -> SignedCheckpoint {
        var reader = LogFileReader()
        reader.append(beginning)
        let error: LogFileError
        do throws(LogFileError) {
            _ = try reader.next()
            if let checkpoint = reader.checkpoint { return checkpoint }
            error = .truncated(entryCount: 0, expected: nil)
        } catch let found {
            // It may be the first entry that is wrong, which is not looked at here.
            if let checkpoint = reader.checkpoint { return checkpoint }
            error = found
        }
        throw Failure(unverifiedLog: path, "\(error)", reason: "LOG_MALFORMED")
    }
}

extension TrustedInstallation {
    /// The meeting whose log a checkpoint says that it is of.
    ///
    /// - Throws: ``Failure`` where it is another installation's.
    func meeting(of checkpoint: SignedCheckpoint, in path: String) throws(Failure) -> MeetingID {
        let origin = checkpoint.unverified.origin
        guard let meeting = meeting(ofLog: origin) else {
            throw Failure(otherInstallation: path, origin, self)
        }
        return meeting
    }
}

extension Failure {
    init(otherInstallation path: String, _ origin: NoteLine, _ trusted: TrustedInstallation) {
        self.init(
            .badData,
            "OTHER_INSTALLATION",
            Phrase(
                "\(path) is of the log «\(origin)»",
                vi: "\(path) là của nhật ký «\(origin)»"
            ),
            because: Phrase(
                "--log-key is the key of «\(trusted.name)»",
                vi: "--log-key là khóa của «\(trusted.name)»"
            ),
            advice: Phrase(
                "take the key of the installation that it came from",
                vi: "hãy dùng khóa của đúng hệ thống đã tạo ra nó"
            )
        )
    }
}
