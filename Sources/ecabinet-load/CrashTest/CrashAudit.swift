import CabinetAPI
import CabinetClient
import CabinetLedger
import CabinetMapping
import CabinetModel
import CabinetRPC

/// Looks into the ledger for what members were told, and for nothing else.
struct CrashAudit {
    /// What is wrong with a ledger.
    struct Finding: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) {
            self.description = description
        }
    }

    private var tree = MerkleTree()
    private var entries: [[UInt8]] = []
    private let polls: [AuditReport.PollResult]
    /// The places of each ballot in the log.
    private var places: [BallotID: [UInt64]] = [:]

    /// Audits a log from its export, which trusts nobody, and looks where its ballots are.
    init(
        of meeting: MeetingID,
        _ auditor: RPCClient,
        _ installation: TrustedInstallation
    ) async throws {
        guard let log = installation.log(of: meeting) else {
            throw Finding("«\(meeting)» has no log's name")
        }
        var checkpoint: SignedCheckpoint?
        let export = try await LedgerService.Client(auditor).exportLog(
            ExportLogRequest(meetingID: meeting.text)
        )
        for try await part in export {
            if let note = part.checkpoint?.note { checkpoint = try SignedCheckpoint(parsing: note) }
            entries += part.entries
        }
        guard let checkpoint else { throw Finding("the export has no checkpoint") }
        var audit = try MeetingAudit(checkpoint, logKey: log.key)
        var coding = EntryCoding()
        for (index, bytes) in entries.enumerated() {
            try audit.take(bytes)
            tree.append(LeafHash(entry: bytes))
            switch try coding.parse(bytes, at: UInt64(index)).body {
            case .ballotCast(let ballot, _), .tieDecided(let ballot):
                places[ballot.statement.ballot, default: []].append(UInt64(index))
            case .fact, .verdictReached:
                break
            }
        }
        polls = try audit.finish().polls
    }

    /// Every ballot that a member was told counts is in the log once, where its receipt says, and the
    /// receipt's checkpoint is one of this log's history.
    ///
    /// - Throws: ``Finding``.
    func check(_ acknowledged: [ProvenBallot]) throws {
        for ballot in acknowledged {
            let id = ballot.statement.ballot
            guard let found = places[id] else { throw Finding("the ballot \(id) is lost") }
            guard found == [ballot.receipt.index] else {
                throw Finding("the ballot \(id) is at \(found), not at \(ballot.receipt.index)")
            }
            guard entries[Int(ballot.receipt.index)] == ballot.receipt.entry else {
                throw Finding("the entry of the ballot \(id) was changed")
            }
            let seen = ballot.receipt.checkpoint.checkpoint
            guard seen.treeSize <= tree.size, try tree.root(atSize: seen.treeSize) == seen.rootHash
            else { throw Finding("the receipt of \(id) is of another history") }
        }
        let known = Set(acknowledged.map(\.statement.ballot))
        if let stray = places.keys.first(where: { !known.contains($0) }) {
            throw Finding("the ballot \(stray) is in the log, and nobody was told")
        }
    }

    /// The verdict of a poll counts, for each member, the ballot that it was told of last.
    ///
    /// - Throws: ``Finding``.
    func checkTally(of poll: PollID, _ acknowledged: [ProvenBallot]) throws {
        var choices: [PrincipalID: (Revision, CabinetModel.Choice)] = [:]
        for ballot in acknowledged where ballot.statement.poll == poll {
            guard case .vote(let choice, let revision) = ballot.statement.purpose else { continue }
            if let last = choices[ballot.statement.member], last.0 > revision { continue }
            choices[ballot.statement.member] = (revision, choice)
        }
        guard let tally = polls.first(where: { $0.poll == poll })?.verdict?.tally else {
            throw Finding("«\(poll)» has no verdict")
        }
        for (choice, count) in [
            (CabinetModel.Choice.yes, tally.yes), (.no, tally.no), (.abstain, tally.abstain),
        ] {
            let expected = choices.values.count { $0.1 == choice }
            guard Int(count.total.members) == expected else {
                throw Finding(
                    "«\(poll)» counts \(count.total.members) for \(choice), not \(expected)"
                )
            }
        }
    }
}
