import CabinetAPI
import CabinetCodec
import CabinetMapping
import CabinetModel
import LogTestSupport
import ModelTestSupport
import TestSupport
import Testing

@Suite struct EntryCodingTests {
    @Test func anEntryOfEveryKindIsWhatItsBytesSay() throws {
        for body in sampleBodies {
            let entry = sampleEntry(body)
            #expect(try reread([entry]) == [entry])
        }
    }

    @Test func thereIsASampleOfEveryKind() throws {
        var kinds: Set<String> = []
        for body in sampleBodies {
            let label = Mirror(reflecting: try #require(LedgerEntry(sampleEntry(body)).body))
                .children.first?.label
            kinds.insert(try #require(label))
        }
        // The members of the oneof in LedgerEntry, fields 5 to 31.
        #expect(kinds.count == 27)
    }

    @Test func theBytesOfAnEntryAreThoseOfItsMessage() throws {
        var coding = EntryCoding()
        for body in sampleBodies {
            let entry = sampleEntry(body)
            #expect(try coding.serialize(entry) == LedgerEntry(entry).serialized())
        }
    }

    @Test func randomLogsAreReadBackAsTheyWereWritten() throws {
        for run in UInt64(0)..<8 {
            var meeting = RandomMeeting(
                random: Seed.generator(500 + run),
                materials: .serialized
            )
            for _ in 0..<400 { _ = meeting.step() }
            var coding = EntryCoding()
            var reader = LogReader(verifiesSignatures: false)
            var replayed = MeetingState()
            for entry in meeting.session.log {
                let read = try reader.next(try coding.serialize(entry))
                #expect(read == entry)
                replayed.evolve(read)
            }
            #expect(replayed == meeting.session.state)
            #expect(meeting.session.log.count > 40)
        }
    }

    @Test func fieldsThatAreNotKnownAreLeftAlone() throws {
        var coding = EntryCoding()
        let entry = sampleEntry(.fact(.recessStarted))
        // Field 100, a varint.
        let bytes = try coding.serialize(entry) + [0xa0, 0x06, 0x01]
        #expect(try coding.parse(bytes, at: entry.index) == entry)
    }

    @Test func aRollOfALaterVersionIsReadWithoutWhatIsNew() throws {
        let part = sampleRoll.parts[0]
        let extended = try RollPart(bytes: part.bytes + [0xa0, 0x06, 0x01], voters: part.voters)
        let entry = sampleEntry(.fact(.rollFrozen("poll", part: 0, partCount: 1, extended)))
        #expect(try reread([entry]) == [entry])
    }

    /// Unicode changes, and a log does not.
    @Test func aTextOfALogIsNotMeasuredByTheUnicodeOfToday() throws {
        let title: Title = "e\u{302}\u{301}"
        let entry = sampleEntry(
            .fact(.agendaItemSet(try AgendaItem("a", title: title), position: 0))
        )
        #expect(try reread([entry]) == [entry])
    }

    @Test func bytesThatAreNoEntryAreRefused() throws {
        var coding = EntryCoding()
        #expect(
            problem(&coding, LedgerEntry(sampleEntry(.fact(.recessStarted))).serialized(), at: 6)
                == .otherIndex(5)
        )
        #expect(problem(&coding, [], at: 0) == .unknownBody)
        // A body of a later version: field 99, a message.
        #expect(problem(&coding, [0x9a, 0x06, 0x00], at: 0) == .unknownBody)
        #expect(
            problem(&coding, [UInt8](repeating: 0, count: 12_289), at: 0)
                == .tooLong(byteCount: 12_289)
        )
        guard case .undecodable = problem(&coding, [0xff], at: 0) else {
            Issue.record("half a tag is an entry")
            return
        }
    }

    private func problem(
        _ coding: inout EntryCoding,
        _ bytes: [UInt8],
        at index: UInt64
    ) -> EntryError.Problem? {
        do {
            _ = try coding.parse(bytes, at: index)
            return nil
        } catch {
            #expect(error.index == index)
            return error.problem
        }
    }
}
