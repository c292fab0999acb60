internal import CabinetLedger
internal import CabinetMapping
internal import CabinetModel

extension MinutesRecord {
    /// Verifies a log, and gathers what minutes say of it.
    ///
    /// - Parameters:
    ///   - log: A whole `LogFile`.
    ///   - key: Of the log, or of its installation.
    /// - Throws: ``MinutesError``.
    init(log: [UInt8], key: NoteVerifierKey) throws(MinutesError) {
        guard log.count <= MinutesLimits.logBytes else { throw .logTooLong(byteCount: log.count) }
        let file = try LogContents(log)
        let origin = file.checkpoint.unverified.origin
        guard let logKey = key.ofLog(origin) else {
            throw .otherInstallation(key: "\(key.name)", origin: origin.text)
        }
        let report: AuditReport
        do throws(AuditError) {
            report = try AuditReport(auditing: chunks(of: log), logKey: logKey)
        } catch {
            throw .log(error)
        }
        try self.init(
            report,
            checkpoint: file.checkpoint,
            logKey: logKey,
            entries: file.decoded()
        )
    }
}

/// A log file in its pieces. Nothing about it is verified.
struct LogContents: Sendable {
    let checkpoint: SignedCheckpoint
    let entries: [[UInt8]]

    /// - Throws: ``MinutesError/log(_:)`` where the file has not the form of one.
    init(_ log: [UInt8]) throws(MinutesError) {
        var reader = LogFileReader()
        var entries: [[UInt8]] = []
        do throws(LogFileError) {
            for chunk in chunks(of: log) {
                reader.append(chunk)
                while let entry = try reader.next() { entries.append(entry) }
            }
            try reader.finish()
        } catch {
            throw .log(AuditError(at: nil, .file(error)))
        }
        guard let checkpoint = reader.checkpoint else {
            throw .log(AuditError(at: nil, .file(.unknownFormat)))
        }
        self.checkpoint = checkpoint
        self.entries = entries
    }

    /// The entries with what they say.
    ///
    /// - Throws: ``MinutesError/log(_:)``.
    func decoded() throws(MinutesError) -> [RecordedEntry] {
        var reader = LogReader(verifiesSignatures: false)
        var decoded: [RecordedEntry] = []
        for bytes in entries {
            do throws(EntryError) {
                decoded.append(RecordedEntry(bytes: bytes, entry: try reader.next(bytes)))
            } catch {
                throw .log(AuditError(at: error.index, .entry(error.problem)))
            }
        }
        return decoded
    }
}

/// Parts of a file: a reader copies what it has not read yet.
private func chunks(of log: [UInt8]) -> some Sequence<[UInt8]> {
    stride(from: 0, to: log.count, by: 1 << 16).lazy.map { start in
        Array(log[start..<min(start + (1 << 16), log.count)])
    }
}
