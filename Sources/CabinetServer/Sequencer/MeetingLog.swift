internal import CabinetLedger
internal import CabinetMapping
internal import CabinetModel
internal import CabinetRPC
internal import CabinetStore

/// A meeting's log as the sequencer holds it: the state that the entries lead to, and the tree over them.
/// It is used by the sequencer alone.
///
/// Within a batch it is ahead of what is stored. Where the batch cannot be stored the process ends, so
/// that there is no way back.
final class MeetingLog {
    let id: MeetingID
    private(set) var state = MeetingState()
    private(set) var tree = MerkleTree()
    /// Of everything that is stored; `nil` before the first commit.
    private(set) var checkpoint: SignedCheckpoint?
    /// Index of the entry of each ballot and tie choice, by its id: what a ballot that comes again is
    /// known by.
    private(set) var ballots: [BallotID: UInt64] = [:]
    /// Participants as they are listed: ``CabinetModel/Proceedings/listedParticipants``.
    private(set) var participants: [PrincipalID] = []
    /// Who was admitted or removed since the last ``listParticipants()``.
    private var changedParticipants: Set<PrincipalID> = []
    /// Entries of the batch in progress.
    private(set) var pending: [StoredEntry] = []
    private var signer: NoteSigner?
    /// `nil` before the first commit.
    private(set) var channels: MeetingChannels?
    /// What is to be told of the entries that were not published yet.
    private var unpublished = AudienceEvents()

    /// A log without entries.
    init(_ id: MeetingID) {
        self.id = id
    }

    /// A log that was read from the store.
    init(
        _ id: MeetingID,
        replayed: MeetingLogReplay,
        signer: NoteSigner,
        live limits: ChannelLimits
    ) {
        self.id = id
        state = replayed.state
        tree = replayed.tree
        ballots = replayed.ballots
        checkpoint = replayed.checkpoint
        participants = replayed.state.proceedings.listedParticipants
        self.signer = signer
        // Nothing happens any more in a meeting that is over: who comes back to it needs no events.
        if !replayed.state.isOver { unpublished = replayed.history }
        openChannels(limits)
    }

    /// Appends entries to the batch in progress.
    ///
    /// - Parameter identity: Signs for the log, if these are its first entries.
    /// - Throws: `EntryError` where one is too long. Then nothing has changed.
    func append(
        _ entries: [Entry],
        _ coding: inout EntryCoding,
        identity: LogIdentity
    ) throws(EntryError) {
        var serialized: [[UInt8]] = []
        for entry in entries { serialized.append(try coding.serialize(entry)) }
        for (entry, bytes) in zip(entries, serialized) {
            let leaf = LeafHash(entry: bytes)
            tree.append(leaf)
            pending.append(
                StoredEntry(index: entry.index, bytes: bytes, leafHash: leaf.bytes)
            )
            state.evolve(entry)
            tell(of: entry)
            ballots.note(entry)
            noteParticipants(entry)
            if case .fact(.logOpened(let log)) = entry.body { signer = identity.signer(of: log) }
        }
    }

    private func tell(of entry: Entry) {
        do throws(BroadcastError) {
            try unpublished.append(entry, leadingTo: state)
        } catch {
            preconditionFailure("an entry fits a frame, and so does what is told of it: \(error)")
        }
    }

    /// Opens the channels, if they are not open, with what was not published as their history.
    ///
    /// - Precondition: Everything is stored.
    func openChannels(_ limits: ChannelLimits) {
        guard channels == nil, let epoch = state.epochs.last else { return }
        channels = MeetingChannels(
            of: id,
            state,
            history: takeUnpublished(),
            epoch: epoch,
            limits: limits
        )
    }

    /// Tells those who follow the meeting of what has become durable.
    ///
    /// - Precondition: Everything is stored.
    func publish() {
        guard let channels, !unpublished.isEmpty else { return }
        channels.publish(takeUnpublished(), leadingTo: state)
    }

    private func takeUnpublished() -> AudienceEvents {
        defer { unpublished = AudienceEvents() }
        return unpublished
    }

    /// The batch's entries with a checkpoint over them and all before.
    func sealed() throws(NoteSigningError) -> StoreBatch.Append {
        guard let signer,
            let unsigned = Checkpoint(
                origin: signer.verifierKey.name.line,
                treeSize: tree.size,
                rootHash: tree.root
            )
        else {
            // A log is begun with a signer, and no memory holds a tree of 2⁶³ leaves.
            preconditionFailure("the log \(id) cannot be signed")
        }
        let signed = try SignedCheckpoint(unsigned, signedBy: signer)
        checkpoint = signed
        return StoreBatch.Append(
            log: LogID(id.text),
            entries: pending,
            checkpoint: signed.serialized
        )
    }

    private func noteParticipants(_ entry: Entry) {
        switch entry.body {
        case .fact(.participantsAdmitted(let admitted)):
            changedParticipants.formUnion(admitted.lazy.map(\.id))
        case .fact(.participantRemoved(let id)):
            changedParticipants.insert(id)
        default:
            break
        }
    }

    /// Lists the participants anew, if any were admitted or removed.
    ///
    /// - Returns: Those who were.
    func listParticipants() -> Set<PrincipalID> {
        defer { changedParticipants = [] }
        if !changedParticipants.isEmpty { participants = state.proceedings.listedParticipants }
        return changedParticipants
    }

    /// The batch is stored.
    func forgetPending() {
        pending = []
    }

    /// An entry of the batch in progress; `nil` for one that was stored before.
    func pendingEntry(at index: UInt64) -> [UInt8]? {
        guard let first = pending.first?.index, index >= first else { return nil }
        let offset = Int(index - first)
        return pending.indices.contains(offset) ? pending[offset].bytes : nil
    }

    /// Proof that an entry is in the log, under the newest checkpoint.
    ///
    /// - Returns: `nil` where the log has no such entry.
    func receipt(of index: UInt64, entry: [UInt8]) -> Receipt? {
        guard let checkpoint,
            let proof = try? tree.inclusionProof(
                ofLeaf: index,
                atSize: checkpoint.unverified.treeSize
            )
        else { return nil }
        return try? Receipt(
            index: index,
            entry: entry,
            inclusionHashes: proof.hashes,
            checkpoint: checkpoint
        )
    }
}

extension [BallotID: UInt64] {
    /// Notes where a ballot is.
    mutating func note(_ entry: Entry) {
        switch entry.body {
        case .ballotCast(let ballot, _), .tieDecided(let ballot):
            self[ballot.statement.ballot] = entry.index
        case .fact, .verdictReached:
            break
        }
    }
}
