internal import CabinetCrypto
internal import CabinetLedger
internal import CabinetMapping
internal import CabinetModel

extension MinutesReport {
    /// Verifies minutes offline: nothing is asked, and nothing in them is trusted.
    ///
    /// - The manifest names every file, and each is what it says.
    /// - The log verifies with the key (`AuditReport`): its checkpoint, every entry, every ballot, every
    ///   verdict.
    /// - Every file is made anew from the log, and is the same byte for byte; none is missing, none is
    ///   there beside them.
    /// - The signature of every ballot verifies from its own files.
    ///
    /// What is wrong is named: the file, the entry, the ballot and its member, as far as it can be told.
    /// Where the log does not verify nothing can be made of it, and the checks after it are not done.
    ///
    /// - Complexity: Memory and time grow with the log, whose bounds are in ``MinutesLimits``.
    public init(verifying contents: BundleContents, key: MinutesKey) {
        var verification = MinutesVerification(contents: contents)
        verification.run(key)
        self = verification.report
    }
}

/// The checks, one after the other.
struct MinutesVerification {
    private let contents: BundleContents
    private(set) var report = MinutesReport()

    static let logPath = "ledger/meeting.cabinet-log"
    static let keyPath = "ledger/log-key.vkey"
    static let entriesPath = "ledger/entries.jsonl"
    static let optionsPath = "bundle.json"

    init(contents: BundleContents) {
        self.contents = contents
    }

    mutating func run(_ key: MinutesKey) {
        check(.contents) { $0.checkContents() }
        check(.manifest) { $0.checkManifest() }
        var record: MinutesRecord?
        check(.log) { verification in
            record = verification.checkLog(key)
            return record?.entries.count ?? 0
        }
        guard let record else {
            report.checks += [MinutesReport.Check.files, .ballots].map {
                MinutesReport.Result(check: $0, outcome: .notDone)
            }
            return
        }
        report.audit = record.report
        addWarnings(record)
        check(.files) { $0.checkFiles(record) }
        check(.ballots) { $0.checkBallots(record) }
    }

    /// - Parameter body: Adds what it finds, and returns how many things it looked at.
    private mutating func check(
        _ check: MinutesReport.Check,
        _ body: (inout MinutesVerification) -> Int
    ) {
        let before = report.findings.count + report.furtherFindings
        let count = body(&self)
        let isPassed = report.findings.count + report.furtherFindings == before
        report.checks.append(
            MinutesReport.Result(check: check, outcome: isPassed ? .passed(count) : .failed)
        )
    }

    mutating func add(
        _ problem: MinutesFinding.Problem,
        at path: String? = nil,
        ballot: BallotReference? = nil
    ) {
        guard report.findings.count < MinutesLimits.findings else {
            report.furtherFindings += 1
            return
        }
        report.findings.append(MinutesFinding(problem, at: path, ballot: ballot))
    }

    func file(_ path: String) -> [UInt8]? {
        BundlePath(path).flatMap { contents.files[$0] }
    }

    // MARK: - What is there

    private mutating func checkContents() -> Int {
        for foreign in contents.foreign { add(.foreign(foreign), at: foreign.path) }
        return contents.files.count
    }

    private mutating func checkManifest() -> Int {
        guard let bytes = file(Manifest.name) else {
            add(.missing, at: Manifest.name)
            return 0
        }
        let manifest: Manifest
        do throws(Manifest.MalformedLine) {
            manifest = try Manifest(parsing: bytes)
        } catch {
            add(.manifestLine(error.number), at: Manifest.name)
            return 0
        }
        var named: Set<BundlePath> = []
        for (path, digest) in manifest.digests {
            named.insert(path)
            guard let bytes = contents.files[path] else {
                add(.missing, at: path.text)
                continue
            }
            if SHA256.digest(of: bytes) != digest { add(.digest, at: path.text) }
        }
        for path in contents.files.keys.sorted()
        where path.text != Manifest.name && !named.contains(path) {
            add(.notInManifest, at: path.text)
        }
        return manifest.digests.count
    }

    // MARK: - The log

    private mutating func checkLog(_ key: MinutesKey) -> MinutesRecord? {
        guard let log = file(Self.logPath) else {
            add(.missing, at: Self.logPath)
            return nil
        }
        guard let logKey = verifierKey(key) else { return nil }
        do throws(MinutesError) {
            return try MinutesRecord(log: log, key: logKey)
        } catch {
            locate(error, in: log)
            return nil
        }
    }

    private mutating func verifierKey(_ key: MinutesKey) -> NoteVerifierKey? {
        switch key {
        case .given(let key):
            return key
        case .ofBundle:
            report.warnings.append(.keyOfBundle)
            guard let bytes = file(Self.keyPath) else {
                add(.missing, at: Self.keyPath)
                return nil
            }
            let line = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...]
            guard let text = String(validating: line, as: UTF8.self),
                let key = try? NoteVerifierKey(parsing: text)
            else {
                add(.key, at: Self.keyPath)
                return nil
            }
            return key
        }
    }

    /// Names the entry and the ballot at fault: from what the audit says, and from the list of entries,
    /// which is another copy of the log.
    private mutating func locate(_ error: MinutesError, in log: [UInt8]) {
        let copy = EntriesCopy(file(Self.entriesPath) ?? [])
        let difference = copy.firstDifference(from: log)
        var index: UInt64?
        if case .log(let error) = error { index = error.index }
        let ballot = index.flatMap { index in
            copy.ballot(at: index) ?? LogPieces(log).ballot(at: index)
        }
        add(.log(error), at: Self.logPath, ballot: ballot)
        if let difference {
            let ballot = copy.ballot(at: difference) ?? LogPieces(log).ballot(at: difference)
            add(.entry(difference), at: Self.logPath, ballot: ballot)
        }
    }

    private mutating func addWarnings(_ record: MinutesRecord) {
        if record.report.restorations > 0 {
            report.warnings.append(.restored(record.report.restorations))
        }
        if record.meeting.phase.name != .adjourned { report.warnings.append(.provisional) }
    }

    // MARK: - The files

    private mutating func checkFiles(_ record: MinutesRecord) -> Int {
        guard let log = file(Self.logPath) else { return 0 }
        let options = file(Self.optionsPath).flatMap(MinutesOptions.init(file:))
        if options == nil {
            add(file(Self.optionsPath) == nil ? .missing : .options, at: Self.optionsPath)
        }
        let bundle: MinutesBundle
        do throws(MinutesError) {
            bundle = try MinutesBundle(record, log: log, options: options ?? MinutesOptions())
        } catch {
            add(.log(error), at: Self.logPath)
            return 0
        }
        // What depends on options that nobody knows cannot be compared.
        let skipped: Set<String> =
            options == nil ? [Self.optionsPath, Manifest.name, "README.md", "minutes.html"] : []
        let ballots = BallotFiles(record)
        let expected = Dictionary(uniqueKeysWithValues: bundle.files.map { ($0.path, $0.bytes) })
        for file in bundle.files where !skipped.contains(file.path.text) {
            compare(file, ballots)
        }
        for path in contents.files.keys.sorted() where expected[path] == nil {
            add(.unexpected, at: path.text)
        }
        if let folder = contents.folderName,
            folder != bundle.folderName || contents.time != bundle.tarTime
        {
            add(.tarHeaders)
        }
        return bundle.files.count
    }

    private mutating func compare(_ expected: BundleFile, _ ballots: BallotFiles) {
        let ballot = ballots.reference(of: expected.path)
        guard let found = contents.files[expected.path] else {
            add(.missing, at: expected.path.text, ballot: ballot)
            return
        }
        guard found != expected.bytes else { return }
        if let ballot, let other = ballots.owner(of: found),
            other != ballot
        {
            add(.otherBallot(other), at: expected.path.text, ballot: ballot)
            return
        }
        let offset = zip(found, expected.bytes).prefix { $0 == $1 }.count
        let line = found.prefix(offset).count { $0 == UInt8(ascii: "\n") }
        if expected.path.text == Self.entriesPath {
            let index = UInt64(line)
            let copy = LogPieces(file(Self.logPath) ?? [])
            add(.entry(index), at: Self.entriesPath, ballot: copy.ballot(at: index))
            return
        }
        add(.differs(line: line + 1), at: expected.path.text, ballot: ballot)
    }

    // MARK: - The ballots

    private mutating func checkBallots(_ record: MinutesRecord) -> Int {
        var count = 0
        for ballot in BallotFiles(record).ballots {
            guard let signed = file(ballot.signed), let signature = file(ballot.signature),
                let key = file(ballot.key)
            else { continue }  // It was named where files are compared.
            count += 1
            guard let text = String(validating: key, as: UTF8.self),
                let publicKey = try? PublicKey(pem: text),
                (try? publicKey.verify(signature, over: signed)) != nil
            else {
                add(.signature, at: ballot.signature, ballot: ballot.reference)
                continue
            }
        }
        return count
    }
}
