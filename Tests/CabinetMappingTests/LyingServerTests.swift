import BallotTestSupport
import CabinetAPI
import CabinetCrypto
import CabinetLedger
import CabinetMapping
import CabinetModel
import LogTestSupport
import ModelTestSupport
import TestSupport
import Testing

/// A server that has the log key makes up a log, and signs it: every hash and every checkpoint is as it
/// has to be. What it made up is found from the entries alone.
@Suite struct LyingServerTests {
    private let log = MeetingAuditTests.session.log

    /// What was found, and whether the other program finds something as well.
    private func finding(
        _ log: [Entry],
        isFoundByScript: Bool = true,
        _ location: SourceLocation = #_sourceLocation
    ) throws -> AuditError? {
        let file = try SignedMaterials.file(of: log.renumbered)
        if Script.hasCryptography {
            let (status, output) = try Script.run(
                "verify-log",
                ["--key", SignedMaterials.signer.verifierKey.text],
                file: file
            )
            #expect(
                status == (isFoundByScript ? 1 : 0),
                "\(output)",
                sourceLocation: location
            )
        }
        do {
            _ = try SignedMaterials.audit(file)
            return nil
        } catch {
            return error
        }
    }

    /// The place of the entry with a body that is meant.
    private func index(_ isMeant: (EntryBody) -> Bool) throws -> Int {
        try #require(log.firstIndex { isMeant($0.body) })
    }

    private func factIndex(_ isMeant: (Fact) -> Bool) throws -> Int {
        try index { if case .fact(let fact) = $0 { isMeant(fact) } else { false } }
    }

    private func ballotIndex(of member: PrincipalID, in poll: PollID = "poll") throws -> Int {
        try index {
            guard case .ballotCast(let ballot, _) = $0 else { return false }
            return ballot.statement.member == member && ballot.statement.poll == poll
        }
    }

    private func ballot(at index: Int) throws -> (VerifiedBallot, CabinetModel.Place) {
        guard case .ballotCast(let ballot, let place) = log[index].body else {
            throw CancellationError()
        }
        return (ballot, place)
    }

    private func verdictIndex(_ poll: PollID = "poll") throws -> Int {
        try index { if case .verdictReached(poll, _) = $0 { true } else { false } }
    }

    private func verdict(at index: Int) throws -> CabinetModel.Verdict {
        guard case .verdictReached(_, let verdict) = log[index].body else {
            throw CancellationError()
        }
        return verdict
    }

    // MARK: - Verdicts

    @Test("A tally that is not that of the ballots")
    func tally() throws {
        let index = try verdictIndex()
        let honest = try verdict(at: index)
        let none = ChoiceCount.zero
        let forged = CabinetModel.Verdict(
            ground: .thresholdReached,
            tally: CabinetModel.Tally(
                yes: honest.tally.yes,
                no: none,
                abstain: none,
                notVoted: HeadCount(members: 2, weight: 2)
            ),
            quorum: honest.quorum,
            threshold: honest.threshold,
            rule: honest.rule
        )
        let found = try finding(log.changing(index, .verdictReached("poll", forged)))
        #expect(found == AuditError(at: UInt64(index), .otherOutcome))
    }

    @Test("A verdict that the tally does not lead to")
    func outcome() throws {
        for poll in ["poll", "tied"] as [PollID] {
            let index = try verdictIndex(poll)
            let honest = try verdict(at: index)
            let forged = CabinetModel.Verdict(
                ground: .thresholdNotReached,
                tally: honest.tally,
                quorum: honest.quorum,
                threshold: honest.threshold,
                rule: honest.rule
            )
            let found = try finding(log.changing(index, .verdictReached(poll, forged)))
            #expect(found == AuditError(at: UInt64(index), .otherOutcome))
        }
    }

    @Test("A poll that closed has the verdict at once, and no other time")
    func verdictsElsewhere() throws {
        let index = try verdictIndex()
        // The script does not ask what is missing: a poll without a verdict has decided nothing.
        let missing = try finding(log.removing(index), isFoundByScript: false)
        #expect(missing == AuditError(at: UInt64(index) - 1, .otherOutcome))
        let again = Entry(
            index: 0,
            time: log[index].time,
            author: log[index].author,
            commandKey: .numbered(78),
            body: log[index].body
        )
        let alone = try finding(log.inserting(again, at: index + 2))
        #expect(alone == AuditError(at: UInt64(index) + 2, .noCommand))
    }

    @Test("A quorum that there was not")
    func quorum() throws {
        let index = try factIndex { if case .meetingOpened = $0 { true } else { false } }
        let forged = CabinetModel.QuorumCount(
            allMembers: 5,
            roomMembers: 4,
            remoteMembers: 0,
            countedMembers: 4,
            neededMembers: 4
        )
        let changed = log.changing(index, .fact(.meetingOpened(quorum: forged)))
        let found = try finding(changed, isFoundByScript: false)
        #expect(found == AuditError(at: UInt64(index), .otherOutcome))
    }

    // MARK: - Ballots

    @Test("A ballot that says something else than its member signed")
    func changedStatement() throws {
        let index = try ballotIndex(of: "m3")
        let (ballot, place) = try ballot(at: index)
        let statement = ballot.statement.voting(.no)
        let forged = try VerifiedBallot(
            statement: statement,
            statementBytes: UnsignedBallot(statement).statementBytes,
            signature: ballot.signature,
            algorithm: ballot.algorithm,
            keyFingerprint: ballot.keyFingerprint,
            certificate: ballot.certificate
        )
        let found = try finding(log.changing(index, .ballotCast(forged, from: place)))
        #expect(found?.index == UInt64(index))
        #expect("\(found, default: "")".contains("SIGNATURE_INVALID"))
    }

    @Test(
        "A ballot that the server signed itself: with another key, or under the member's fingerprint"
    )
    func otherKey() throws {
        let index = try ballotIndex(of: "m3")
        let (ballot, place) = try ballot(at: index)
        let unsigned = UnsignedBallot(ballot.statement.voting(.no))
        let own = TestKeys.otherP256
        for fingerprint in [
            try KeyFingerprint(own.publicKey.fingerprint.bytes), ballot.keyFingerprint,
        ] {
            let forged = try VerifiedBallot(
                statement: ballot.statement.voting(.no),
                statementBytes: unsigned.statementBytes,
                signature: own.sign(unsigned.messageToSign),
                algorithm: .ecdsaP256SHA256,
                keyFingerprint: fingerprint,
                certificate: certificate(of: own)
            )
            let found = try finding(log.changing(index, .ballotCast(forged, from: place)))
            #expect(found?.index == UInt64(index))
            let isOwn = fingerprint != ballot.keyFingerprint
            #expect(
                "\(found, default: "")".contains(
                    isOwn ? "SIGNING_KEY_NOT_ON_ROLL" : "ballot.key_fingerprint"
                )
            )
        }
    }

    @Test("A ballot of a poll that is carried over to another one")
    func otherPoll() throws {
        let index = try ballotIndex(of: "m3")
        let later = try ballotIndex(of: "m4", in: "tied")
        let (ballot, place) = try ballot(at: index)
        let carried = log.changing(later, .ballotCast(ballot, from: place), key: log[index])
        let found = try finding(carried.removing(index).inserting(log[index], at: index))
        #expect(found == AuditError(at: UInt64(later), .repeated))
        // Where it was taken out before, the first poll has another verdict.
        let moved = try finding(carried.removing(index))
        #expect(moved?.finding == .otherOutcome)
    }

    @Test("A ballot that counts twice, or too late, or from elsewhere")
    func misplaced() throws {
        let index = try ballotIndex(of: "m3")
        let atOnce = try finding(log.inserting(log[index], at: index + 1))
        #expect(atOnce == AuditError(at: UInt64(index) + 1, .otherOutcome))
        let twice = try finding(log.inserting(log[index], at: index + 2))
        #expect(twice == AuditError(at: UInt64(index) + 2, .repeated))
        let closed = try verdictIndex()
        let late = try finding(log.removing(index).inserting(log[index], at: closed))
        #expect(late != nil)
        let (ballot, place) = try ballot(at: index)
        let other: CabinetModel.Place = place == .room ? .remote : .room
        let elsewhere = try finding(log.changing(index, .ballotCast(ballot, from: other)))
        #expect(elsewhere == AuditError(at: UInt64(index), .otherOutcome))
    }

    @Test("A ballot whose change comes before it")
    func revisions() throws {
        let first = try ballotIndex(of: "m2")
        let second = try #require(
            log.lastIndex {
                guard case .ballotCast(let ballot, _) = $0.body else { return false }
                return ballot.statement.member == "m2" && ballot.statement.poll == "poll"
            }
        )
        let swapped = log.changing(first, log[second].body, key: log[second])
            .changing(second, log[first].body, key: log[first])
        #expect(try finding(swapped)?.index == UInt64(first))
    }

    @Test("A ballot that was left out, with the verdict as it was")
    func omitted() throws {
        let index = try ballotIndex(of: "m3")
        let found = try finding(log.removing(index))
        #expect(found == AuditError(at: UInt64(try verdictIndex()) - 1, .otherOutcome))
    }

    @Test("A ballot with a key that had been revoked")
    func revoked() throws {
        let index = try ballotIndex(of: "m3")
        let (ballot, _) = try ballot(at: index)
        let revocation = Entry(
            index: 0,
            time: log[index].time,
            author: .server,
            commandKey: nil,
            body: .fact(.signingKeyRevoked("m3", ballot.keyFingerprint, reason: "mất thẻ"))
        )
        let found = try finding(log.inserting(revocation, at: index))
        #expect(found == AuditError(at: UInt64(index) + 1, .notPermitted(.signingKeyRevoked)))
    }

    // MARK: - Everything else

    @Test("A roll that is not that of the members")
    func roll() throws {
        let index = try factIndex { if case .rollFrozen = $0 { true } else { false } }
        guard case .fact(.rollFrozen(_, _, _, let part)) = log[index].body,
            case .fact(.pollOpened(let opened)) = log[index + 1].body
        else { return }
        let smaller = try FrozenRoll(freezing: Roll(part.voters.dropLast()))
        let first = try #require(smaller.parts.first)
        let forged = log.changing(
            index,
            .fact(.rollFrozen("poll", part: 0, partCount: 1, first))
        ).changing(
            index + 1,
            .fact(
                .pollOpened(
                    PollOpened(
                        poll: opened.poll,
                        agendaItem: opened.agendaItem,
                        motion: opened.motion,
                        rule: opened.rule,
                        rollDigest: smaller.digest,
                        roll: smaller.roll.total,
                        chair: opened.chair,
                        closesAt: nil
                    )
                )
            )
        )
        let found = try finding(forged)
        #expect(found?.index == UInt64(index))
        #expect("\(found, default: "")".contains("field=roll"))
    }

    @Test("A command by somebody who may not give it, and one that took effect twice")
    func commands() throws {
        let index = try factIndex { if case .meetingAdjourned = $0 { true } else { false } }
        func by(_ author: CabinetModel.Author, _ key: CommandKey?) -> [Entry] {
            log.replacing(index, author: author, commandKey: key)
        }
        let guest = CabinetModel.Author.principal(
            "guest",
            transportKey: .named("device of guest"),
            role: .chair
        )
        let found = try finding(by(guest, .numbered(77)), isFoundByScript: false)
        #expect(found?.index == UInt64(index))
        #expect("\(found, default: "")".contains("ROLE_REQUIRED"))
        let stranger = CabinetModel.Author.principal(
            "stranger",
            transportKey: .named("device"),
            role: .chair
        )
        let unknown = try finding(by(stranger, .numbered(77)), isFoundByScript: false)
        #expect(unknown == AuditError(at: UInt64(index), .notPermitted(.meetingNotFound)))
        // A command of the same principal before it.
        let earlier = try #require(
            log.last { $0.author == log[index].author && $0.commandKey != log[index].commandKey }
        )
        let again = try finding(
            by(log[index].author, earlier.commandKey),
            isFoundByScript: false
        )
        #expect(again == AuditError(at: UInt64(index), .repeated))
    }

    @Test("A timer that ran out before its time")
    func timer() throws {
        let index = try factIndex { if case .pollClosed("tied", _) = $0 { true } else { false } }
        let forged = log.changing(index, .fact(.pollClosed("tied", .timer)))
            .replacing(index, author: .server, commandKey: nil)
        let found = try finding(forged, isFoundByScript: false)
        #expect(found == AuditError(at: UInt64(index), .otherOutcome))
    }

    @Test("More entries than a command can lead to")
    func longCommit() throws {
        let index = try factIndex { if case .checkedIn = $0 { true } else { false } }
        let commit = Array(repeating: log[index], count: 40)
        let found = try finding(
            Array(log[..<index] + commit + log[(index + 1)...]),
            isFoundByScript: false
        )
        #expect(found == AuditError(at: UInt64(index) + 38, .commitTooLong))
    }

    // MARK: - What no log shows by itself

    @Test("A ballot that is left out with its verdict made anew is found by its receipt")
    func omittedWell() throws {
        // A meeting in which the member had never voted is a meeting that could have been.
        var session = try Session.voting(materials: SignedMaterials.materials)
        try session.cast("m1", .yes)
        try session.cast("m2", .no)
        let acknowledged = try SignedMaterials.serialized(session.log)
        let receipt = try SignedMaterials.checkpoint(of: acknowledged)
        let shorter = Array(session.log.dropLast())
        #expect(try finding(shorter, isFoundByScript: false) == nil)
        // The member holds a checkpoint that has the ballot, signed with the same key.
        let shown = try SignedMaterials.checkpoint(of: SignedMaterials.serialized(shorter))
        let key = SignedMaterials.signer.verifierKey
        let older = try receipt.verified(origin: key.name.line, logKey: key)
        let newer = try shown.verified(origin: key.name.line, logKey: key)
        #expect(throws: CheckpointExtensionError.self) {
            try newer.verifyExtension(of: older, proof: [])
        }
    }
}

extension CabinetModel.BallotStatement {
    /// The same with another choice.
    fileprivate func voting(_ choice: CabinetModel.Choice) -> Self {
        Self(
            ballot: ballot,
            meeting: meeting,
            poll: poll,
            member: member,
            purpose: .vote(choice, .first),
            motionDigest: motionDigest,
            rollDigest: rollDigest
        )
    }
}

extension [Entry] {
    /// With the indices of their places, and no time before the one before.
    fileprivate var renumbered: [Entry] {
        var time = first?.time ?? .at(1)
        return enumerated().map { index, entry in
            time = Swift.max(time, entry.time)
            return Entry(
                index: UInt64(index),
                time: time,
                author: entry.author,
                commandKey: entry.commandKey,
                body: entry.body
            )
        }
    }

    /// - Parameter other: The entry whose author and key it gets; `nil` leaves its own.
    fileprivate func changing(_ index: Int, _ body: EntryBody, key other: Entry? = nil) -> Self {
        var changed = self
        changed[index] = Entry(
            index: self[index].index,
            time: self[index].time,
            author: (other ?? self[index]).author,
            commandKey: (other ?? self[index]).commandKey,
            body: body
        )
        return changed
    }

    fileprivate func replacing(
        _ index: Int,
        author: CabinetModel.Author,
        commandKey: CommandKey?
    ) -> Self {
        var changed = self
        changed[index] = Entry(
            index: self[index].index,
            time: self[index].time,
            author: author,
            commandKey: commandKey,
            body: self[index].body
        )
        return changed
    }

    fileprivate func removing(_ index: Int) -> Self {
        var changed = self
        changed.remove(at: index)
        return changed
    }

    fileprivate func inserting(_ entry: Entry, at index: Int) -> Self {
        var changed = self
        changed.insert(entry, at: index)
        return changed
    }
}
