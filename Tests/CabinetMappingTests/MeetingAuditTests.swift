import CabinetCrypto
import CabinetLedger
import CabinetMapping
import CabinetModel
import LogTestSupport
import ModelTestSupport
import TestSupport
import Testing

/// A whole meeting is verified from its export alone, by two programs: the library, and
/// scripts/verify-log, which was written from the specifications.
@Suite struct MeetingAuditTests {
    /// Two polls: one that a change of a ballot decides, and a tie that the chair decides.
    static let session: Session = {
        let rule = try! PollRule(isRevocable: true)
        var session = try! Session.voting(
            members: 5,
            rule: rule,
            weights: [1, 2, 3],
            materials: SignedMaterials.materials
        )
        try! session.run(.checkIn(nil, from: .remote), by: "m3")
        for (member, choice) in [("m1", Choice.yes), ("m2", .no), ("m3", .yes), ("m4", .abstain)] {
            session.clock += 1_000
            try! session.cast(Identifier(stringLiteral: member), choice)
        }
        try! session.cast("m2", .yes, revision: 2)
        try! session.run(.closePoll("poll"), by: "m1")
        try! session.draft("tied", rule: PollRule(threshold: .twoThirds))
        try! session.openPoll("tied", duration: 60_000)
        try! session.cast("m2", .yes, poll: "tied")
        try! session.cast("m4", .no, poll: "tied")
        try! session.cast("m5", .no, poll: "tied")
        try! session.run(.closePoll("tied"), by: "m1")
        try! session.decideTie("m1", .yes, poll: "tied")
        try! session.run(.adjournMeeting, by: "m1")
        return session
    }()
    static let entries = try! SignedMaterials.serialized(session.log)
    static let file = try! SignedMaterials.file(of: entries)

    /// What was found, by both programs where there is Python: one must not accept what the other
    /// refuses.
    private func finding(_ file: [UInt8], isFoundByScript: Bool = true) throws -> AuditError? {
        let found: AuditError?
        do {
            _ = try SignedMaterials.audit(file)
            found = nil
        } catch {
            found = error
        }
        if Script.hasCryptography, isFoundByScript { #expect(try verify(file) == (found == nil)) }
        return found
    }

    /// Whether the script accepts a file. That it refuses has to be its own finding.
    private func verify(_ file: [UInt8]) throws -> Bool {
        let key = SignedMaterials.signer.verifierKey.text
        let (status, output) = try Script.run("verify-log", ["--key", key], file: file)
        switch status {
        case 0 where output.hasPrefix("verified:"): return true
        case 1 where output.hasPrefix("not verified:"): return false
        default:
            Issue.record("verify-log ends with \(status): \(output)")
            return false
        }
    }

    // MARK: - What is true

    @Test("A meeting verifies, and the report says what became of every poll")
    func verifies() throws {
        let report = try SignedMaterials.audit(Self.file)
        #expect(report.state == Self.session.state)
        // However the file is read.
        let parts = stride(from: 0, to: Self.file.count, by: 1_000).map { start in
            Array(Self.file[start..<min(start + 1_000, Self.file.count)])
        }
        let key = SignedMaterials.signer.verifierKey
        #expect(try AuditReport(auditing: parts, logKey: key) == report)
        #expect(report.log.meeting == Session.id)
        #expect(report.checkpoint.checkpoint.treeSize == UInt64(Self.entries.count))
        #expect(report.restorations == 0)
        #expect(report.polls.map(\.castBallots) == [5, 3])
        #expect(report.polls.map(\.countedBallots) == [4, 3])
        // Weights 1, 2, 3, 1, 1: yes of m1, m2 and m3, and more than half of 8 is 5. In the second poll
        // yes has 2 of m2, no has 1 + 1, and the chair chose yes; 2/3 of 8 passed is 6.
        let lines = [
            "verified: the log of «2019-06-24», \(Self.entries.count) entries",
            "poll poll: CARRIED, 6 yes, 5 needed; 0 no, 1 abstain, 1 not voted; "
                + "quorum 4, 5 counted; 5 ballots",
            "poll tied: CARRIED, 2 yes, 6 needed; 2 no, 0 abstain, 4 not voted; "
                + "quorum 4, 5 counted; 3 ballots",
        ]
        var found = "\(report)".split(separator: "\n").map(String.init)
        #expect(found.remove(at: 1).hasPrefix("origin cabinet.example/2019-06-24, root hash "))
        #expect(found == lines)
    }

    @Test(
        "The other program finds the same",
        .enabled(if: Script.hasCryptography, "no python3 with the package «cryptography»")
    )
    func otherProgram() throws {
        let (status, output) = try Script.run(
            "verify-log",
            ["--key", SignedMaterials.signer.verifierKey.text],
            file: Self.file
        )
        #expect(status == 0)
        var lines = "\(try SignedMaterials.audit(Self.file))".split(separator: "\n")
        lines.remove(at: 1)
        #expect(output.split(separator: "\n") == lines)
    }

    @Test(
        "What the other program has verified cannot control a terminal either",
        .enabled(if: Script.hasCryptography, "no python3 with the package «cryptography»")
    )
    func otherProgramPrinting() throws {
        var entry = try #require(Self.entries.first)
        let (name, hostile) = (Array("2019-06-24".utf8), Array("\u{1b}]0;owned!".utf8))
        let start = try #require(
            entry.indices.first { entry[$0...].starts(with: name) }
        )
        entry.replaceSubrange(start..<start + name.count, with: hostile)
        let (status, output) = try Script.run(
            "verify-log",
            ["--key", SignedMaterials.signer.verifierKey.text],
            file: SignedMaterials.file(of: [entry])
        )
        #expect(status == 0, "\(output)")
        #expect(output == "verified: the log of «\\u{1b}]0;owned!», 1 entries\n")
    }

    @Test("The log of every meeting verifies, whatever happened in it")
    func randomMeetings() throws {
        var verdicts = 0
        // Some meetings never get their quorum.
        for number in 0..<60 where number < 4 || verdicts < 10 {
            var meeting = RandomMeeting(
                random: Seed.generator(0x40 + UInt64(number)),
                materials: SignedMaterials.materials
            )
            for _ in 0..<500 { _ = meeting.step() }
            let file = try SignedMaterials.file(of: meeting.session.log)
            let report = try SignedMaterials.audit(file)
            #expect(report.state == meeting.session.state)
            let count = report.polls.count { $0.verdict != nil }
            verdicts += count
            if Script.hasCryptography, count > 0 { #expect(try verify(file)) }
        }
        #expect(verdicts >= 10)
    }

    @Test("A poll whose timer runs out verifies, and so does a log that was restored")
    func server() throws {
        var session = try Session.voting(duration: 5_000, materials: SignedMaterials.materials)
        try session.cast("m1", .yes)
        session.clock += 5_000
        try session.run(.timeIsUp("poll"), by: .server)
        try session.run(.restoreLog(Epoch(2), reason: "đĩa hỏng"), by: .server)
        let report = try SignedMaterials.audit(SignedMaterials.file(of: session.log))
        #expect(report.restorations == 1)
        #expect("\(report)".contains("restored from a copy: 1"))
        #expect(report.polls.first?.verdict?.ground == .thresholdNotReached)
        #expect(try finding(SignedMaterials.file(of: session.log)) == nil)
    }

    // MARK: - What is damaged

    @Test("Every byte of the file that is changed is found")
    func changedBytes() throws {
        var generator = Seed.generator(0x50)
        for round in 0..<400 {
            var file = Self.file
            let position = Int.random(in: 0..<file.count, using: &generator)
            file[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            let found = try finding(file, isFoundByScript: round.isMultiple(of: 40))
            #expect(found != nil, "byte \(position)")
        }
    }

    @Test("Entries that are missing, moved or there twice are found, and named")
    func otherEntries() throws {
        let count = Self.entries.count
        let checkpoint = try SignedMaterials.checkpoint(of: Self.entries)
        for index in 0..<count {
            for entries in [
                Self.entries.enumerated().filter { $0.offset != index }.map(\.element),
                Array(Self.entries[...index] + Self.entries[index...]),
                Self.entries.moving(index, to: (index + 7) % count),
            ] {
                let file = try SignedMaterials.file(of: entries, checkpoint: checkpoint)
                let found = try finding(file, isFoundByScript: index.isMultiple(of: 10))
                #expect(found != nil, "entry \(index)")
                guard entries.count == count || index < count - 1 else { continue }
                // The last is missed at the end of the file only.
                #expect(found?.index != nil, "entry \(index): \(String(describing: found))")
            }
        }
    }

    // MARK: - Keys

    @Test("A log that another key has signed is refused, whatever key it begins with")
    func otherKeys() throws {
        let name = SignedMaterials.signer.verifierKey.name
        let other = NoteSigner(name: name, key: try Ed25519PrivateKey.generate())
        let checkpoint = try SignedMaterials.checkpoint(of: Self.entries, by: other)
        let file = try SignedMaterials.file(of: Self.entries, checkpoint: checkpoint)
        guard case .checkpoint? = try finding(file)?.finding else {
            Issue.record("a checkpoint by another key passes")
            return
        }
        // The entries are true to their first, and the key that the auditor has is another.
        do {
            _ = try AuditReport(auditing: [file], logKey: other.verifierKey)
            Issue.record("a log with another key passes")
        } catch {
            #expect(error.index == 0)
            guard case .otherLog? = Optional(error.finding) else {
                Issue.record("\(error)")
                return
            }
        }
    }

    @Test("A log without entries is of no meeting")
    func nothing() throws {
        let file = try SignedMaterials.file(of: [[UInt8]]())
        #expect(try finding(file) == AuditError(at: 0, .entryCount(found: 0, signed: 0)))
    }
}

extension Array {
    fileprivate func moving(_ index: Int, to other: Int) -> Self {
        var moved = self
        moved.insert(moved.remove(at: index), at: other)
        return moved
    }
}
