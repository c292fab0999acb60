internal import CabinetDocuments
public import CabinetLedger
public import CabinetMapping
internal import CabinetModel

/// A file of a bundle.
public struct BundleFile: Hashable, Sendable {
    public let path: BundlePath
    public let bytes: [UInt8]

    public init(path: BundlePath, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }
}

/// The minutes of a meeting: files that say what happened and what was decided, and that prove it to
/// whoever has the key of the log.
///
///     README.md                     how to verify it without our programs
///     bundle.json                   what was chosen about the bundle: language, time zone
///     manifest                      the SHA-256 of every other file, for `sha256sum --check`
///     meeting.json, minutes.html    the meeting, for programs and for people
///     polls/ID/                     of every poll that opened: the result, the motion and the roll as they
///                                   were hashed, and the ballots as they were signed
///     certificates/                 of everybody who signed a ballot that is shown
///     ledger/                       the log: the file of it, its entries, its checkpoint, its key
///
/// All of it follows from the log and ``MinutesOptions``: the same log gives the same bytes, at any time
/// and on any machine, so that a verifier makes every file anew and compares it. Nothing is read but
/// the log, and nothing is written: ``BundleWriter`` does that.
///
/// Of how members voted the files show what the meeting's members were shown, but for `ledger/`, which is
/// the whole log: whoever has the bundle can read every ballot in it, those of voided polls included.
public struct MinutesBundle: Sendable {
    public let options: MinutesOptions
    /// What the log proves.
    public let report: AuditReport
    /// Sorted by path.
    public let files: [BundleFile]

    /// What the folder is called where nothing else is said, and in a tar.
    public var folderName: String { Self.folderName(of: report.log.meeting) }

    /// Makes the minutes of a log, which is verified before.
    ///
    /// - Parameters:
    ///   - log: A whole `LogFile`.
    ///   - key: Of the log, or of its installation. It has to come from elsewhere.
    /// - Throws: ``MinutesError``.
    public init(
        of log: [UInt8],
        key: NoteVerifierKey,
        options: MinutesOptions = MinutesOptions()
    ) throws(MinutesError) {
        let record = try MinutesRecord(log: log, key: key)
        try self.init(record, log: log, options: options)
    }

    init(_ record: MinutesRecord, log: [UInt8], options: MinutesOptions) throws(MinutesError) {
        var files = BundleFiles()
        try files.add(options.file, at: "bundle.json")
        try files.add(MeetingDocument(record: record).json.document, at: "meeting.json")
        try files.add(MinutesPage(record: record, options: options).file, at: "minutes.html")
        try files.add(Readme(record: record, options: options).file, at: "README.md")
        try files.addLedger(record, log)
        for poll in record.polls { try files.add(poll) }
        self.options = options
        report = record.report
        self.files = try files.finish()
    }

    static func folderName(of meeting: MeetingID) -> String { "minutes-\(meeting)" }
}

/// The files of a bundle as they are gathered.
private struct BundleFiles {
    private var files: [BundlePath: [UInt8]] = [:]
    private var byteCount = 0

    /// - Throws: ``MinutesError/path(_:)``, ``MinutesError/tooLarge``.
    mutating func add(_ bytes: [UInt8], at text: String) throws(MinutesError) {
        guard let path = BundlePath(text) else { throw .path(text) }
        byteCount += bytes.count
        guard files.count < MinutesLimits.fileCount, bytes.count <= MinutesLimits.fileBytes,
            byteCount <= MinutesLimits.bundleBytes
        else { throw .tooLarge }
        // A certificate is of many ballots. Nothing else has one name twice.
        guard files.updateValue(bytes, forKey: path).map({ $0 == bytes }) != false else {
            throw .path(text)
        }
    }

    mutating func addLedger(_ record: MinutesRecord, _ log: [UInt8]) throws(MinutesError) {
        try add(log, at: "ledger/meeting.cabinet-log")
        try add(record.checkpoint.serialized, at: "ledger/checkpoint.txt")
        var lines: [UInt8] = []
        for entry in record.entries { lines += EntriesDocument.line(entry) }
        try add(lines, at: "ledger/entries.jsonl")
        try add(Array("\(record.logKey)\n".utf8), at: "ledger/log-key.vkey")
    }

    mutating func add(_ poll: PollRecord) throws(MinutesError) {
        let folder = "polls/\(poll.id)"
        try add(PollDocument(poll: poll).json.document, at: "\(folder)/result.json")
        try add(BallotsDocument(poll: poll).json.document, at: "\(folder)/ballots.json")
        try add(HashedDomain.motion + poll.opened.motion.bytes, at: "\(folder)/motion.hashed")
        try add(HashedDomain.roll + poll.roll, at: "\(folder)/roll.hashed")
        for record in poll.shownBallots {
            try add(record.ballot, BallotName(record), in: folder)
        }
        if let tie = poll.tie { try add(tie.ballot, BallotName(tie: tie), in: folder) }
    }

    private mutating func add(
        _ ballot: VerifiedBallot,
        _ name: BallotName,
        in folder: String
    ) throws(MinutesError) {
        let key = publicKeyPEM(of: ballot)
        let certificate = certificateName(ballot.certificate)
        try add(pem("CERTIFICATE", ballot.certificate), at: "certificates/\(certificate)")
        try add(ballot.signedMessage, at: "\(folder)/\(name.file(.signed))")
        try add(ballot.signature, at: "\(folder)/\(name.file(.signature(ballot.algorithm)))")
        try add(key, at: "\(folder)/\(name.file(.key))")
    }

    /// - Returns: All files and their manifest, sorted.
    consuming func finish() throws(MinutesError) -> [BundleFile] {
        let sorted = files.sorted { $0.key < $1.key }
        let manifest = Manifest(of: sorted.map { BundleFile(path: $0.key, bytes: $0.value) })
        try add(manifest.file, at: Manifest.name)
        return files.sorted { $0.key < $1.key }.map { BundleFile(path: $0.key, bytes: $0.value) }
    }
}
