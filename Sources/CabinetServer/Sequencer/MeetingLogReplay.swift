internal import CabinetCrypto
internal import CabinetLedger
internal import CabinetMapping
internal import CabinetModel
internal import CabinetRPC
internal import CabinetStore

/// Why a stored log is not served: the record at fault, for an operator.
struct LogDamage: Error, Hashable, Sendable, CustomStringConvertible {
    /// Index of the entry at fault; `nil` where it is the checkpoint, or cannot be told.
    let index: UInt64?
    let explanation: String

    var description: String {
        index.map { "entry \($0): \(explanation)" } ?? explanation
    }
}

/// What a stored log leads to, once every entry of it has been hashed again and applied.
struct MeetingLogReplay: Sendable {
    let state: MeetingState
    let tree: MerkleTree
    let ballots: [BallotID: UInt64]
    let checkpoint: SignedCheckpoint
    let opening: LogOpened
    /// What is told of the newest entries: ``historyEntries`` at most.
    let history: AudienceEvents
    /// Of all entries together.
    let byteCount: UInt64

    /// So many events are made anew when a server starts, for those who were connected before it ended.
    /// Whoever has missed more gets a snapshot.
    static let historyEntries: UInt64 = 1_024

    /// Reads a log and compares it with its last checkpoint.
    ///
    /// An entry whose bytes are not those that were hashed when it was stored is named. So is one that
    /// the log cannot have at its place. What is left, such as entries that are missing at the end, the
    /// root hash in the signed checkpoint tells.
    ///
    /// - Throws: `StoreError` where the store cannot be read.
    static func read(
        _ log: StoredLog,
        from store: any EventStore
    ) throws(StoreError) -> Result<MeetingLogReplay, LogDamage> {
        var reader = LogReader(verifiesSignatures: false)
        var state = MeetingState()
        var tree = MerkleTree()
        var ballots: [BallotID: UInt64] = [:]
        var history = AudienceEvents()
        var byteCount: UInt64 = 0
        let firstOfHistory = log.entryCount - min(log.entryCount, historyEntries)
        var damage: LogDamage?
        try store.readEntries(of: log.id, from: 0) { stored in
            do throws(LogDamage) {
                let entry = try Self.next(stored, &reader)
                tree.append(LeafHash(entry: stored.bytes))
                byteCount += UInt64(stored.bytes.count)
                state.evolve(entry)
                if entry.index >= firstOfHistory { try history.note(entry, leadingTo: state) }
                ballots.note(entry)
                return true
            } catch {
                damage = error
                return false
            }
        }
        if let damage { return .failure(damage) }
        guard let opening = state.proceedings.log else {
            return .failure(LogDamage(index: nil, explanation: "the log has no entries"))
        }
        guard opening.meeting.text == log.id.text else {
            return .failure(
                LogDamage(index: 0, explanation: "it opens the log of «\(opening.meeting)»")
            )
        }
        do throws(LogDamage) {
            let checkpoint = try Self.checkpoint(of: log, opening, tree)
            return .success(
                MeetingLogReplay(
                    state: state,
                    tree: tree,
                    ballots: ballots,
                    checkpoint: checkpoint,
                    opening: opening,
                    history: history,
                    byteCount: byteCount
                )
            )
        } catch {
            return .failure(error)
        }
    }

    private static func next(
        _ stored: StoredEntry,
        _ reader: inout LogReader
    ) throws(LogDamage) -> Entry {
        guard stored.index == reader.nextIndex else {
            throw LogDamage(index: reader.nextIndex, explanation: "it is missing")
        }
        guard LeafHash(entry: stored.bytes).bytes == stored.leafHash else {
            throw LogDamage(
                index: stored.index,
                explanation: "its bytes are not those that were hashed when it was stored"
            )
        }
        do {
            return try reader.next(stored.bytes)
        } catch {
            throw LogDamage(index: stored.index, explanation: "\(error)")
        }
    }

    private static func checkpoint(
        of log: StoredLog,
        _ opening: LogOpened,
        _ tree: MerkleTree
    ) throws(LogDamage) -> SignedCheckpoint {
        let signed: SignedCheckpoint
        let verified: VerifiedCheckpoint
        do {
            signed = try SignedCheckpoint(parsing: log.checkpoint)
            verified = try signed.verified(of: opening)
        } catch {
            throw LogDamage(index: nil, explanation: "the last checkpoint: \(error)")
        }
        guard verified.checkpoint.treeSize == tree.size, log.entryCount == tree.size else {
            throw LogDamage(
                index: min(tree.size, verified.checkpoint.treeSize),
                explanation:
                    "there are \(tree.size) entries, and the last checkpoint was signed for "
                    + "\(verified.checkpoint.treeSize)"
            )
        }
        guard verified.checkpoint.rootHash == tree.root else {
            throw LogDamage(
                index: nil,
                explanation: "the root hash of the entries is not that of the last checkpoint"
            )
        }
        return signed
    }
}

extension MeetingLogReplay {
    /// Why a log cannot go on, because its newest entry is too far ahead of the wall clock: either the
    /// clock is wrong, or it was when the entry was written. Were the log to go on, its entries would all
    /// have one time, and no timer of a poll would run out.
    ///
    /// A meeting that is over is served whatever the clock says: nothing happens in it any more.
    func lead(over now: Moment) -> LogDamage? {
        guard !state.isOver, let last = state.lastTime else { return nil }
        let lead = last.unixMilliseconds - now.unixMilliseconds
        guard lead > ServerClock.maximumLeadMilliseconds else { return nil }
        return LogDamage(
            index: state.entryCount - 1,
            explanation: "its time is \(lead / 3_600_000) hours after the system's clock: set the "
                + "clock right and start again; if the clock is right, the log can be served when that "
                + "time has come"
        )
    }
}

extension AudienceEvents {
    fileprivate mutating func note(
        _ entry: Entry,
        leadingTo state: MeetingState
    ) throws(LogDamage) {
        do throws(BroadcastError) {
            try append(entry, leadingTo: state)
        } catch {
            throw LogDamage(index: entry.index, explanation: "what is told of it: \(error)")
        }
    }
}

extension MeetingState {
    /// Whether the meeting was adjourned.
    var isOver: Bool {
        if case .adjourned? = proceedings.meeting?.phase { true } else { false }
    }
}

extension SignedCheckpoint {
    /// The checkpoint, if it is that log's and signed with the key that the log begins with.
    fileprivate func verified(of log: LogOpened) throws -> VerifiedCheckpoint {
        guard let name = NoteKeyName(log.origin.text) else {
            throw LogDamage(index: 0, explanation: "its origin is no name of a key")
        }
        let key = NoteVerifierKey(
            name: name,
            publicKey: try Ed25519PublicKey(log.publicKey.bytes)
        )
        return try verified(origin: name.line, logKey: key)
    }
}
