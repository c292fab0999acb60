internal import CabinetAPI
internal import CabinetLedger
internal import CabinetMapping
internal import CabinetModel
internal import CabinetRPC
internal import CabinetStore
internal import NIOPosix

/// Serves `cabinet.v1.LedgerService`.
struct LedgerHandler: LedgerService.Handler {
    let calls: CallHandling
    let export: LogExport

    func getCheckpoint(
        _ request: GetCheckpointRequest,
        context: CallContext
    ) async throws -> GetCheckpointResponse {
        let (view, _, _) = try calls.view(of: request.meetingID, for: context)
        return GetCheckpointResponse(checkpoint: Checkpoint(note: view.checkpoint.serialized))
    }

    // MARK: - Receipts

    func getReceipt(
        _ request: GetReceiptRequest,
        context: CallContext
    ) async throws -> GetReceiptResponse {
        let (view, _, caller) = try calls.view(of: request.meetingID, for: context)
        let wanted = try Self.wanted(request, view.state, caller)
        let receipt = try await calls.ask(
            try CallHandling.meeting(request.meetingID),
            by: caller
        ) {
            (log, entries) throws(QueryFailure) in
            let index = try Self.index(wanted, in: log)
            guard let bytes = try entries.bytes(at: index),
                let receipt = log.receipt(of: index, entry: bytes)
            else { throw .refused(RPCError(Rejection.entryNotFound)) }
            if !caller.isAuditor(of: log.state),
                try !entries.entry(bytes, at: index).isBallot(of: caller.id)
            {
                throw .refused(RPCError(Rejection.entryNotFound))
            }
            return receipt
        }
        return GetReceiptResponse(receipt: Receipt(receipt))
    }

    /// What a request names: an index, or a ballot that the log may have.
    private enum Wanted {
        case index(UInt64)
        case ballot(BallotID)
    }

    private static func wanted(
        _ request: GetReceiptRequest,
        _ state: CabinetModel.MeetingState,
        _ caller: KnownCaller
    ) throws(RPCError) -> Wanted {
        switch request.entry {
        case .index(let index):
            return .index(index)
        case .ballotID(let bytes):
            do throws(InvalidValue) {
                return .ballot(try BallotID(bytes))
            } catch {
                throw RPCError(Rejection.fieldInvalid(field: "ballot_id", rule: error.rule))
            }
        case .pollID(let text):
            let poll = try refusing { () throws(Rejection) in try PollID(requested: text) }
            guard let ballot = state.ballotBoxes[poll]?.ballot(of: caller.id) else {
                throw RPCError(Rejection.entryNotFound)
            }
            return .index(ballot.entryIndex)
        case nil:
            throw RPCError(
                Rejection.fieldInvalid(field: "entry", rule: "one of its members is required")
            )
        }
    }

    private static func index(
        _ wanted: Wanted,
        in log: MeetingLog
    ) throws(QueryFailure) -> UInt64 {
        switch wanted {
        case .index(let index):
            guard index < log.tree.size else { throw .refused(beyond(log)) }
            return index
        case .ballot(let id):
            guard let index = log.ballots[id] else {
                throw .refused(RPCError(Rejection.entryNotFound))
            }
            return index
        }
    }

    private static func beyond(_ log: MeetingLog) -> RPCError {
        RPCError(.beyondLog, attributes: ["tree_size": String(log.tree.size)])
    }

    // MARK: - Consistency

    func getConsistencyProof(
        _ request: GetConsistencyProofRequest,
        context: CallContext
    ) async throws -> GetConsistencyProofResponse {
        let (_, _, caller) = try calls.view(of: request.meetingID, for: context)
        guard request.fromTreeSize > 0 else {
            throw RPCError(
                Rejection.fieldInvalid(field: "from_tree_size", rule: "it is at least 1")
            )
        }
        guard request.toTreeSize == 0 || request.toTreeSize >= request.fromTreeSize else {
            throw RPCError(
                Rejection.fieldInvalid(
                    field: "to_tree_size",
                    rule: "it is 0, or not below from_tree_size"
                )
            )
        }
        let (hashes, note) = try await calls.ask(
            try CallHandling.meeting(request.meetingID),
            by: caller
        ) {
            (log, _) throws(QueryFailure) in
            guard let checkpoint = log.checkpoint,
                let proof = try? log.tree.consistencyProof(
                    from: request.fromTreeSize,
                    to: request.toTreeSize == 0
                        ? checkpoint.unverified.treeSize : request.toTreeSize
                )
            else { throw .refused(Self.beyond(log)) }
            return (proof.hashes, checkpoint.serialized)
        }
        return GetConsistencyProofResponse(
            hashes: hashes.map(\.bytes),
            checkpoint: Checkpoint(note: note)
        )
    }

    // MARK: - Export

    func exportLog(
        _ request: ExportLogRequest,
        to responses: MessageWriter<ExportLogResponse>,
        context: CallContext
    ) async throws {
        let (view, _, caller) = try calls.view(of: request.meetingID, for: context)
        guard caller.isAuditor(of: view.state) else {
            throw RPCError(Rejection.roleRequired(roles: [.auditor]))
        }
        try calls.quota.take(caller.id)
        defer { calls.quota.release(caller.id) }
        let size = view.checkpoint.unverified.treeSize
        guard request.firstIndex <= size else {
            throw RPCError(.beyondLog, attributes: ["tree_size": String(size)])
        }
        var next = request.firstIndex
        var checkpoint: CabinetAPI.Checkpoint? = Checkpoint(note: view.checkpoint.serialized)
        repeat {
            let entries = try await export.entries(
                of: LogID(request.meetingID),
                from: next,
                upTo: size
            )
            guard !entries.isEmpty || next == size else {
                throw RPCError(.logDamaged, attributes: ["index": String(next)])
            }
            try await responses.write(
                ExportLogResponse(firstIndex: next, entries: entries, checkpoint: checkpoint)
            )
            checkpoint = nil
            next += UInt64(entries.count)
        } while next < size
    }
}

extension Entry {
    /// Whether it is a ballot or tie choice that a principal has signed.
    fileprivate func isBallot(of id: PrincipalID) -> Bool {
        switch body {
        case .ballotCast(let ballot, _), .tieDecided(let ballot): ballot.statement.member == id
        case .fact, .verdictReached: false
        }
    }
}
