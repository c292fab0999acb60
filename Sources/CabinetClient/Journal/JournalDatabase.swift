internal import CabinetAPI
internal import CabinetCodec
internal import CabinetLedger
internal import CabinetMapping
internal import CabinetModel
internal import CabinetStore

/// The tables of a ``SQLiteBallotJournal``.
///
/// `@unchecked Sendable`: after the initializer it is used on the journal's one thread alone, and closed
/// when that has ended.
final class JournalDatabase: @unchecked Sendable {
    private static let fileName = "ballots.sqlite"

    private static let schema = SQLiteSchema(
        // «eCaJ»
        applicationID: 0x6543_614a,
        migrations: [
            """
            CREATE TABLE owner (member TEXT NOT NULL) STRICT;
            CREATE TABLE ballot (
                number INTEGER PRIMARY KEY,
                id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
                meeting TEXT NOT NULL,
                poll TEXT NOT NULL,
                ballot BLOB NOT NULL,
                state INTEGER NOT NULL,
                receipt BLOB NOT NULL,
                reason TEXT NOT NULL
            ) STRICT;
            CREATE INDEX pending ON ballot (meeting, poll) WHERE state = 0;
            CREATE INDEX meeting ON ballot (meeting);
            CREATE TABLE checkpoint (
                origin BLOB NOT NULL,
                note BLOB NOT NULL,
                PRIMARY KEY (origin, note)
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE evidence (
                number INTEGER PRIMARY KEY,
                kind INTEGER NOT NULL,
                finding TEXT NOT NULL,
                answer BLOB NOT NULL
            ) STRICT;
            """
        ]
    )

    private var open: Open?

    private struct Open {
        let lock: StoreLock
        let connection: SQLiteConnection
    }

    /// What becomes of a ballot, as it is stored.
    private enum State: Int64 {
        case pending = 0
        case counted = 1
        case refused = 2
    }

    init(folder: String, member: PrincipalID) throws(JournalError) {
        do throws(StoreError) {
            let lock = try StoreLock(folder: folder)
            let connection = try SQLiteConnection(path: "\(folder)/\(Self.fileName)")
            try Self.configure(connection)
            open = Open(lock: lock, connection: connection)
        } catch {
            throw JournalError(error)
        }
        try checkOwner(member)
    }

    private static func configure(_ connection: SQLiteConnection) throws(StoreError) {
        try connection.execute("PRAGMA trusted_schema = OFF")
        guard try connection.text("PRAGMA journal_mode = WAL") == "wal" else {
            throw StoreError(.cannotOpen, "\(connection.path) allows no write-ahead log")
        }
        try connection.execute("PRAGMA synchronous = FULL")
        // What a process that was killed had written need not have reached the disk.
        guard try connection.checkpoint(.truncate) else {
            throw StoreError(.locked, "\(connection.path): another program reads it")
        }
        try schema.migrate(connection)
        let finding = try connection.text("PRAGMA quick_check(1)")
        guard finding == "ok" else {
            throw StoreError(.damaged, "\(connection.path): \(finding ?? "unreadable")")
        }
    }

    private func checkOwner(_ member: PrincipalID) throws(JournalError) {
        let owner = try using { connection throws(StoreError) in
            if let owner = try connection.text("SELECT member FROM owner") { return owner }
            let statement = try connection.prepare("INSERT INTO owner (member) VALUES (?)")
            try statement.bind(.text(member.text))
            try statement.run()
            return member.text
        }
        guard owner == member.text else {
            throw JournalError(.otherMember, "it is \(owner)'s, and not \(member)'s")
        }
    }

    func close() {
        open = nil
    }

    private func using<Value>(
        _ body: (SQLiteConnection) throws(StoreError) -> Value
    ) throws(JournalError) -> Value {
        guard let open else { throw .closed }
        do throws(StoreError) {
            return try body(open.connection)
        } catch {
            throw JournalError(error)
        }
    }

    // MARK: - Ballots

    func add(
        _ ballot: SignedBallot,
        _ statement: CabinetModel.BallotStatement
    ) throws(JournalError) {
        let conflict = try using { connection throws(StoreError) in
            var conflict: JournalError?
            try connection.transaction { () throws(StoreError) in
                conflict = try Self.conflict(connection, statement)
                guard conflict == nil else { return }
                let insert = try connection.prepare(
                    "INSERT INTO ballot (id, meeting, poll, ballot, state, receipt, reason) "
                        + "VALUES (?, ?, ?, ?, 0, x'', '')"
                )
                try insert.bind(
                    .blob(statement.ballot.bytes),
                    .text(statement.meeting.text),
                    .text(statement.poll.text),
                    .blob(ballot.serialized())
                )
                try insert.run()
            }
            return conflict
        }
        if let conflict { throw conflict }
    }

    /// What is in the way of another ballot.
    private static func conflict(
        _ connection: SQLiteConnection,
        _ statement: CabinetModel.BallotStatement
    ) throws(StoreError) -> JournalError? {
        let same = try connection.prepare("SELECT 1 FROM ballot WHERE id = ?")
        try same.bind(.blob(statement.ballot.bytes))
        defer { same.reset() }
        if try same.step() {
            return JournalError(.conflict, "there is a ballot \(statement.ballot) already")
        }
        let pending = try connection.prepare(
            "SELECT id FROM ballot WHERE state = 0 AND meeting = ? AND poll = ?"
        )
        try pending.bind(.text(statement.meeting.text), .text(statement.poll.text))
        defer { pending.reset() }
        if try pending.step(), let id = try? BallotID(pending.blob(0)) { return .pending(id) }
        let count = try connection.number("SELECT count(*) FROM ballot") ?? 0
        return count < JournalLimits.ballots ? nil : .tooManyBallots
    }

    func settle(_ ballot: BallotID, as outcome: BallotOutcome) throws(JournalError) {
        let changed = try using { connection throws(StoreError) in
            let update = try connection.prepare(
                "UPDATE ballot SET state = iif(state = 1, 1, ?1), "
                    + "receipt = iif(state = 1, receipt, ?2), "
                    + "reason = iif(state = 1, '', ?3) WHERE id = ?4"
            )
            let (state, receipt, reason) = Self.stored(outcome)
            try update.bind(
                .int64(state.rawValue),
                .blob(receipt),
                .text(reason),
                .blob(ballot.bytes)
            )
            try update.run()
            return try connection.number("SELECT changes()")
        }
        guard changed == 1 else {
            throw JournalError(.conflict, "there is no ballot \(ballot)")
        }
    }

    func pendingBallots() throws(JournalError) -> [JournalledBallot] {
        try ballots("state = 0")
    }

    func ballots(in meeting: MeetingID) throws(JournalError) -> [JournalledBallot] {
        try ballots("meeting = ?", .text(meeting.text))
    }

    func meetings() throws(JournalError) -> [MeetingID] {
        let texts = try using { connection throws(StoreError) in
            let select = try connection.prepare(
                "SELECT DISTINCT meeting FROM ballot ORDER BY meeting"
            )
            var texts: [String] = []
            while try select.step() { texts.append(select.text(0)) }
            return texts
        }
        do throws(InvalidValue) {
            return try texts.map { text throws(InvalidValue) in try MeetingID(text) }
        } catch {
            throw JournalError(.damaged, "a meeting cannot be read: \(error)")
        }
    }

    func reopenBallots(in meeting: MeetingID) throws(JournalError) {
        try using { connection throws(StoreError) in
            let update = try connection.prepare(
                "UPDATE ballot SET state = 0, receipt = x'' WHERE state = 1 AND meeting = ?"
            )
            try update.bind(.text(meeting.text))
            try update.run()
        }
    }

    private func ballots(
        _ condition: String,
        _ values: SQLiteStatement.Value...
    ) throws(JournalError) -> [JournalledBallot] {
        let rows = try using { connection throws(StoreError) in
            let select = try connection.prepare(
                "SELECT ballot, state, receipt, reason FROM ballot WHERE \(condition) ORDER BY number"
            )
            try select.bind(values)
            var rows: [Row] = []
            while try select.step() {
                rows.append(
                    Row(
                        ballot: select.blob(0),
                        state: select.int64(1),
                        receipt: select.blob(2),
                        reason: select.text(3)
                    )
                )
            }
            return rows
        }
        var ballots: [JournalledBallot] = []
        for row in rows { ballots.append(try Self.ballot(row)) }
        return ballots
    }

    private struct Row {
        let ballot: [UInt8]
        let state: Int64
        let receipt: [UInt8]
        let reason: String
    }

    private static func stored(
        _ outcome: BallotOutcome
    ) -> (state: State, receipt: [UInt8], reason: String) {
        switch outcome {
        case .pending: (.pending, [], "")
        case .counted(let receipt): (.counted, CabinetAPI.Receipt(receipt).serialized(), "")
        case .refused(let reason): (.refused, [], reason)
        }
    }

    private static func ballot(_ row: Row) throws(JournalError) -> JournalledBallot {
        do {
            let ballot = try SignedBallot(serialized: row.ballot)
            let statement = try CabinetModel.BallotStatement(serialized: ballot.statement)
            let outcome: BallotOutcome
            switch State(rawValue: row.state) {
            case .pending: outcome = .pending
            case .refused: outcome = .refused(reason: row.reason)
            case .counted:
                outcome = .counted(
                    try CabinetLedger.Receipt(CabinetAPI.Receipt(serialized: row.receipt))
                )
            case nil: throw JournalError(.damaged, "a ballot has the state \(row.state)")
            }
            return JournalledBallot(ballot, statement, outcome)
        } catch let error as JournalError {
            throw error
        } catch {
            throw JournalError(.damaged, "a ballot cannot be read: \(error)")
        }
    }

    // MARK: - Checkpoints and evidence

    func checkpoints(of origin: NoteLine) throws(JournalError) -> [SignedCheckpoint] {
        let notes = try using { connection throws(StoreError) in
            let select = try connection.prepare("SELECT note FROM checkpoint WHERE origin = ?")
            try select.bind(.blob(origin.bytes))
            var notes: [[UInt8]] = []
            while try select.step() { notes.append(select.blob(0)) }
            return notes
        }
        do throws(CheckpointFormatError) {
            return try notes.map { note throws(CheckpointFormatError) in
                try SignedCheckpoint(parsing: note)
            }
        } catch {
            throw JournalError(.damaged, "a checkpoint cannot be read: \(error)")
        }
    }

    func keep(
        _ checkpoint: SignedCheckpoint,
        inPlaceOf older: [SignedCheckpoint]
    ) throws(JournalError) {
        let origin = checkpoint.unverified.origin
        var isFull = false
        try using { connection throws(StoreError) in
            try connection.transaction { () throws(StoreError) in
                let delete = try connection.prepare(
                    "DELETE FROM checkpoint WHERE origin = ? AND note = ?"
                )
                for old in older {
                    try delete.bind(.blob(origin.bytes), .blob(old.serialized))
                    try delete.run()
                }
                let insert = try connection.prepare(
                    "INSERT OR IGNORE INTO checkpoint (origin, note) SELECT ?1, ?2 "
                        + "WHERE (SELECT count(*) FROM checkpoint WHERE origin = ?1) < ?3"
                )
                try insert.bind(
                    .blob(origin.bytes),
                    .blob(checkpoint.serialized),
                    .int64(Int64(JournalLimits.checkpoints))
                )
                try insert.run()
                let find = try connection.prepare(
                    "SELECT 1 FROM checkpoint WHERE origin = ? AND note = ?"
                )
                try find.bind(.blob(origin.bytes), .blob(checkpoint.serialized))
                isFull = try !find.step()
                find.reset()
            }
        }
        if isFull { throw .tooManyCheckpoints(origin) }
    }

    func evidence() throws(JournalError) -> [Evidence] {
        try using { connection throws(StoreError) in
            let select = try connection.prepare(
                "SELECT kind, finding, answer FROM evidence ORDER BY number"
            )
            var evidence: [Evidence] = []
            while try select.step() {
                evidence.append(
                    Evidence(
                        Evidence.Kind(rawValue: select.int64(0)) ?? .falseAnswer,
                        finding: select.text(1),
                        answer: select.blob(2)
                    )
                )
            }
            return evidence
        }
    }

    func keep(_ evidence: Evidence) throws(JournalError) {
        try using { connection throws(StoreError) in
            try connection.transaction { () throws(StoreError) in
                let kind = evidence.kind.rawValue
                let limit = JournalLimits.evidence
                let count =
                    try connection.number("SELECT count(*) FROM evidence WHERE kind = \(kind)") ?? 0
                guard evidence.kind == .falseAnswer || count < limit else { return }
                let insert = try connection.prepare(
                    "INSERT INTO evidence (kind, finding, answer) VALUES (?, ?, ?)"
                )
                try insert.bind(
                    .int64(kind),
                    .text(evidence.finding),
                    .blob(evidence.answer)
                )
                try insert.run()
                try connection.execute(
                    "DELETE FROM evidence WHERE kind = \(kind) AND number NOT IN "
                        + "(SELECT number FROM evidence WHERE kind = \(kind) "
                        + "ORDER BY number DESC LIMIT \(limit))"
                )
            }
        }
    }
}

extension JournalError {
    init(_ error: StoreError) {
        let kind: Kind =
            switch error.kind {
            case .cannotOpen, .unknownFormat: .cannotOpen
            case .locked: .locked
            case .damaged: .damaged
            case .conflict, .notFound: .conflict
            case .full, .io: .io
            }
        self.init(kind, error.explanation)
    }
}
