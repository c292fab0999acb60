internal import CabinetCrypto
public import CabinetLedger
internal import CabinetModel

/// Verifies a whole meeting from its export alone: the entries, the signed checkpoint, and the key of
/// the log, which the auditor knows from elsewhere. No server is asked, and none is trusted.
///
/// - The checkpoint is signed with the log's key, and its root hash is that of all entries.
/// - Each entry can be read and can be at its place (``LogReader``), each ballot is signed with the key
///   in its certificate.
/// - Each command is decided once more by the rules of the meeting, and leads to the very entries that
///   the log has: its author was permitted to give it, a ballot names the poll's motion and roll and
///   comes from a key on the roll that was not revoked, a roll is that of the members, a verdict follows
///   from the ballots.
/// - No command and no ballot is there twice.
/// - Each tally is counted again without the model, from the ballots alone.
///
/// So a server that lies, and signs what it has made up with the log's key, cannot invent a ballot for a key
/// that it does not have, let one count that the rules refuse, or give another verdict. What it can do is
/// leave out what was not yet acknowledged, or show another log to somebody else: a member's receipt and a
/// kept checkpoint tell. And it can admit a member with a key of its own making, as only ballots are signed
/// by people: who issued a certificate, and when it was valid, is not asked. ``AuditReport`` has the state,
/// and with it the keys on every roll, to be compared with those that the members have.
///
/// Memory grows with the number of commands, and not with the bytes of the log.
///
/// Source: `ledger.proto`, `LedgerEntry`, and what `MeetingState.decide` says.
public struct MeetingAudit: ~Copyable {
    /// The most entries that a commit can have: a roll of 16 parts with its opening, or 600
    /// participants, 16 to an entry.
    public static let maximumCommitEntries = 38

    private let checkpoint: VerifiedCheckpoint
    private let logKey: NoteVerifierKey
    private var reader = LogReader(verifiesSignatures: true)
    private var tree = CompactTree()
    private var state = MeetingState()
    private var recount = Recount()
    /// The newest commit. It may go on.
    private var commit: RecordedCommit?
    private var commands: Set<CommandID> = []

    /// Keys of different principals do not meet; a ballot is itself whoever carried it.
    private enum CommandID: Hashable {
        case ballot(BallotID)
        case command(PrincipalID, CommandKey)
    }

    /// Begins with what the log has signed.
    ///
    /// - Parameter logKey: Of the log, by its origin.
    /// - Throws: ``AuditError``.
    public init(_ checkpoint: SignedCheckpoint, logKey: NoteVerifierKey) throws(AuditError) {
        do throws(CheckpointVerificationError) {
            self.checkpoint = try checkpoint.verified(origin: logKey.name.line, logKey: logKey)
        } catch {
            throw AuditError(at: nil, .checkpoint(error))
        }
        self.logKey = logKey
    }

    /// Takes the next entry.
    ///
    /// - Throws: ``AuditError``. The audit is over then.
    public mutating func take(_ bytes: [UInt8]) throws(AuditError) {
        let size = checkpoint.checkpoint.treeSize
        guard tree.size < size else {
            throw AuditError(at: tree.size, .entryCount(found: size + 1, signed: size))
        }
        let entry: Entry
        do throws(EntryError) {
            entry = try reader.next(bytes)
        } catch {
            throw AuditError(at: error.index, .entry(error.problem))
        }
        if case .fact(.logOpened(let log)) = entry.body {
            guard log.origin.text == logKey.name.line.text,
                log.publicKey.bytes == logKey.publicKey.bytes
            else { throw AuditError(at: entry.index, .otherLog(origin: log.origin)) }
        }
        tree.append(LeafHash(entry: bytes))
        if commit?.extend(with: entry) == true {
            guard (commit?.entries.count ?? 0) <= Self.maximumCommitEntries else {
                throw AuditError(at: entry.index, .commitTooLong)
            }
        } else {
            try endCommit()
            commit = RecordedCommit(entry)
        }
    }

    /// Says that there are no more entries.
    ///
    /// - Throws: ``AuditError``.
    public consuming func finish() throws(AuditError) -> AuditReport {
        try endCommit()
        let signed = checkpoint.checkpoint
        guard tree.size == signed.treeSize, let log = state.proceedings.log else {
            throw AuditError(
                at: tree.size,
                .entryCount(found: tree.size, signed: signed.treeSize)
            )
        }
        guard tree.root == signed.rootHash else { throw AuditError(at: nil, .rootHash) }
        return AuditReport(
            log: log,
            checkpoint: checkpoint,
            restorations: state.epochs.count - 1,
            state: state,
            polls: state.openedPolls.compactMap { result(of: $0) }
        )
    }

    // MARK: - Commits

    /// Decides the newest commit once more, and applies it.
    private mutating func endCommit() throws(AuditError) {
        guard let ended = commit, let first = ended.entries.first else { return }
        try checkFirst(first)
        guard let command = ended.command, let actor = ended.actor else {
            throw AuditError(at: first.index, .noCommand)
        }
        let decided: [Entry]
        do throws(Rejection) {
            decided = try state.commit(command, by: actor, at: first.time)
        } catch {
            throw AuditError(at: first.index, .notPermitted(error))
        }
        guard decided == ended.entries else {
            throw AuditError(at: Self.difference(decided, ended.entries), .otherOutcome)
        }
        for entry in ended.entries {
            recount.take(entry)
            if case .verdictReached(let poll, let verdict) = entry.body {
                guard recount.confirms(verdict.tally, of: poll) else {
                    throw AuditError(at: entry.index, .tally(poll))
                }
            }
            state.evolve(entry)
        }
        commit = nil
    }

    /// - Throws: ``AuditError`` where the command was there before.
    private mutating func checkFirst(_ first: Entry) throws(AuditError) {
        let id: CommandID
        switch (first.body, first.author, first.commandKey) {
        case (.ballotCast(let ballot, _), _, _), (.tieDecided(let ballot), _, _):
            id = .ballot(ballot.statement.ballot)
        case (_, .principal(let principal, _, _), let key?):
            id = .command(principal, key)
        default:
            return
        }
        guard commands.insert(id).inserted else { throw AuditError(at: first.index, .repeated) }
    }

    /// Where the entries that were to be expected and those that are there begin to differ.
    private static func difference(_ decided: [Entry], _ found: [Entry]) -> UInt64? {
        let offset = zip(decided, found).prefix { $0 == $1 }.count
        return found.dropFirst(offset).first?.index ?? found.last?.index
    }

    private func result(of poll: PollID) -> AuditReport.PollResult? {
        guard let found = state.proceedings.poll(poll), let box = state.ballotBoxes[poll] else {
            return nil
        }
        return AuditReport.PollResult(
            poll: poll,
            state: found.state,
            roll: box.roll.roll.total,
            castBallots: recount.castCount(of: poll),
            countedBallots: box.ballots.count { $0 != nil },
            verdict: found.verdict
        )
    }
}

extension AuditReport {
    /// Verifies a whole meeting from a ``CabinetLedger/LogFile``.
    ///
    /// - Parameters:
    ///   - parts: The file, in parts of any length.
    ///   - logKey: Of the log, by its origin. It has to come from elsewhere.
    /// - Throws: ``AuditError``, of the first thing that is wrong.
    public init(
        auditing parts: some Sequence<[UInt8]>,
        logKey: NoteVerifierKey
    ) throws(AuditError) {
        var file = LogFileReader()
        var audit: MeetingAudit?
        for part in parts {
            file.append(part)
            while let entry = try Self.next(&file) {
                if audit == nil, let checkpoint = file.checkpoint {
                    audit = try MeetingAudit(checkpoint, logKey: logKey)
                }
                try audit?.take(entry)
            }
        }
        do throws(LogFileError) {
            try file.finish()
        } catch {
            throw AuditError(at: nil, .file(error))
        }
        // A checkpoint of no entries is of no meeting.
        guard let audit = consume audit else {
            throw AuditError(at: 0, .entryCount(found: 0, signed: 0))
        }
        self = try audit.finish()
    }

    private static func next(_ file: inout LogFileReader) throws(AuditError) -> [UInt8]? {
        do throws(LogFileError) {
            return try file.next()
        } catch {
            throw AuditError(at: nil, .file(error))
        }
    }
}
