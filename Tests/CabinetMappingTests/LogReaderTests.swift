import BallotTestSupport
import CabinetAPI
import CabinetCrypto
import CabinetMapping
import CabinetModel
import LogTestSupport
import ModelTestSupport
import Testing

@Suite struct LogReaderTests {
    /// The log of a meeting that has come to a verdict.
    private static let log: [Entry] = {
        var session = try! Session.voting(members: 60, materials: .serialized)
        _ = try! session.cast("m1", .yes)
        _ = try! session.run(.closePoll("poll"), by: "m1")
        return session.log
    }()

    /// The rule that the first entry which does not fit breaks; `nil` where all are read.
    private func fault(
        of entries: [Entry],
        verifiesSignatures: Bool = false
    ) -> (index: UInt64, rule: String)? {
        var coding = EntryCoding()
        var reader = LogReader(verifiesSignatures: verifiesSignatures)
        do {
            for entry in entries { _ = try reader.next(try coding.serialize(entry)) }
            return nil
        } catch {
            guard case .outOfOrder(let rule) = error.problem else {
                return (error.index, "\(error.problem)")
            }
            return (error.index, rule)
        }
    }

    /// The same entries numbered anew.
    private func renumbered(_ entries: [Entry]) -> [Entry] {
        entries.enumerated().map { index, entry in
            Entry(
                index: UInt64(index),
                time: entry.time,
                author: entry.author,
                commandKey: entry.commandKey,
                body: entry.body
            )
        }
    }

    private func position(_ isMeant: (Fact) -> Bool) throws -> Int {
        try #require(
            Self.log.firstIndex {
                if case .fact(let fact) = $0.body { isMeant(fact) } else { false }
            }
        )
    }

    private func changing(_ index: Int, _ body: EntryBody) -> [Entry] {
        var log = Self.log
        let entry = log[index]
        log[index] = Entry(
            index: entry.index,
            time: entry.time,
            author: entry.author,
            commandKey: entry.commandKey,
            body: body
        )
        return log
    }

    @Test func aWholeLogIsRead() {
        #expect(fault(of: Self.log) == nil)
    }

    @Test func aMissingEntryIsNoticed() {
        var log = Self.log
        log.remove(at: 4)
        #expect(fault(of: log)?.index == 4)
    }

    @Test func aLogBeginsWithItsOpeningAndHasNoOther() {
        #expect(fault(of: renumbered(Array(Self.log.dropFirst())))?.index == 0)
        #expect(fault(of: renumbered(Self.log.prefix(3) + Self.log))?.index == 3)
    }

    @Test func timeDoesNotGoBack() {
        var log = Self.log
        let entry = log[5]
        log[5] = Entry(
            index: 5,
            time: .at(entry.time.unixMilliseconds - 1),
            author: entry.author,
            commandKey: entry.commandKey,
            body: entry.body
        )
        #expect(fault(of: log)?.index == 5)
    }

    @Test func noEpochIsUsedTwice() throws {
        let last = UInt64(Self.log.count)
        func restored(_ epoch: UInt64, at index: UInt64) throws -> Entry {
            Entry(
                index: index,
                time: try #require(Self.log.last).time,
                author: .server,
                commandKey: nil,
                body: .fact(.logRestored(try Epoch(epoch), reason: "disk"))
            )
        }
        let first = try restored(2, at: last)
        #expect(fault(of: Self.log + [first]) == nil)
        #expect(fault(of: Self.log + [first, try restored(2, at: last + 1)])?.index == last + 1)
        #expect(fault(of: Self.log + [try restored(1, at: last)])?.index == last)
    }

    // MARK: - Rolls

    private func frozen(_ part: UInt32) throws -> Int {
        try position { if case .rollFrozen(_, part, _, _) = $0 { true } else { false } }
    }

    @Test func theRollOfAPollComesWhole() throws {
        // 60 short voters fit into one part; two parts are made of it.
        let index = try frozen(0)
        guard case .fact(.rollFrozen(let poll, _, _, let part)) = Self.log[index].body else {
            return
        }
        let without = renumbered(Self.log.enumerated().filter { $0.offset != index }.map(\.element))
        #expect(fault(of: without)?.index == UInt64(index))
        let another = changing(index, .fact(.rollFrozen(poll, part: 0, partCount: 2, part)))
        #expect(fault(of: another)?.index == UInt64(index) + 1)
        let second = changing(index, .fact(.rollFrozen(poll, part: 1, partCount: 2, part)))
        #expect(fault(of: second)?.index == UInt64(index))
        let stranger = changing(index, .fact(.rollFrozen("x", part: 0, partCount: 1, part)))
        #expect(fault(of: stranger)?.index == UInt64(index) + 1)
        var interrupted = Self.log
        interrupted.insert(
            Entry(
                index: 0,
                time: Self.log[index].time,
                author: .server,
                commandKey: nil,
                body: .fact(.recessStarted)
            ),
            at: index + 1
        )
        #expect(fault(of: renumbered(interrupted))?.index == UInt64(index) + 1)
    }

    @Test func theOpeningSaysWhatIsInTheRoll() throws {
        let index = try position { if case .pollOpened = $0 { true } else { false } }
        guard case .fact(.pollOpened(let opened)) = Self.log[index].body else { return }
        func with(
            digest: Digest? = nil,
            members: UInt32? = nil,
            weight: UInt32? = nil
        ) -> [Entry] {
            changing(
                index,
                .fact(
                    .pollOpened(
                        PollOpened(
                            poll: opened.poll,
                            agendaItem: opened.agendaItem,
                            motion: opened.motion,
                            rule: opened.rule,
                            rollDigest: digest ?? opened.rollDigest,
                            roll: HeadCount(
                                members: members ?? opened.roll.members,
                                weight: weight ?? opened.roll.weight
                            ),
                            chair: opened.chair,
                            closesAt: nil
                        )
                    )
                )
            )
        }
        #expect(fault(of: with()) == nil)
        #expect(fault(of: with(digest: .standIn("another")))?.index == UInt64(index))
        #expect(fault(of: with(members: 59))?.index == UInt64(index))
        #expect(fault(of: with(weight: 61))?.index == UInt64(index))
    }

    // MARK: - Signatures

    @Test func anAuditorVerifiesEveryBallotOnceMore() throws {
        let index = try #require(
            Self.log.firstIndex { if case .ballotCast = $0.body { true } else { false } }
        )
        // The certificates of these sessions are none.
        #expect(fault(of: Self.log, verifiesSignatures: true)?.index == UInt64(index))
        guard case .ballotCast(let ballot, let place) = Self.log[index].body else { return }
        let unsigned = UnsignedBallot(ballot.statement)
        let signed = try VerifiedBallot(
            verifying: unsigned.signed(
                with: try TestKeys.p256.sign(unsigned.messageToSign),
                by: TestKeys.p256.publicKey,
                certificate: try certificate(of: TestKeys.p256)
            ),
            as: .vote,
            commandKey: CommandKey(ballot.statement.ballot)
        )
        let verifiable = changing(index, .ballotCast(signed, from: place))
        #expect(fault(of: verifiable, verifiesSignatures: true) == nil)
    }
}
