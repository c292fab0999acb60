import CabinetAPI
import CabinetCodec
import FixtureAPI
import Testing

@Suite struct DecodingLimitTests {
    private func reason<M: Message>(
        _ type: M.Type,
        _ bytes: [UInt8],
        _ limits: DecodingLimits
    ) -> MessageDecodingError.Reason? {
        do {
            _ = try M(serialized: bytes, limits: limits)
            return nil
        } catch {
            return error.reason
        }
    }

    @Test func theLengthIsBounded() {
        let bytes = Scalars(aString: "abc").serialized()
        #expect(reason(Scalars.self, bytes, DecodingLimits(maxMessageBytes: bytes.count)) == nil)
        #expect(
            reason(Scalars.self, bytes, DecodingLimits(maxMessageBytes: bytes.count - 1))
                == .messageTooLarge(byteCount: bytes.count, limit: bytes.count - 1)
        )
    }

    @Test func theNumberOfFieldsIsBoundedWithThoseOfSubmessagesAndPackedElements() {
        // One field with three elements, two submessages with one field each.
        let message = Repeated(
            uint32s: [1, 2, 3],
            fixed64s: [1, 2],
            messages: [Scalars(anInt32: 1), Scalars(aBool: true)]
        )
        let count = (1 + 3) + (1 + 2) + 2 * (1 + 1)
        let bytes = message.serialized()
        #expect(reason(Repeated.self, bytes, DecodingLimits(maxFieldCount: count)) == nil)
        #expect(
            reason(Repeated.self, bytes, DecodingLimits(maxFieldCount: count - 1))
                == .tooManyFields(limit: count - 1)
        )
    }

    @Test func emptySubmessagesDoNotAmplifyMemoryBeyondTheLimit() {
        // Three bytes each, that become a struct of a few hundred.
        let bytes = WireBuilder.make { builder in
            for _ in 0..<10_000 { builder.messageField(17) { _ in } }
        }
        let limits = DecodingLimits(maxArenaBytes: 1 << 20)
        #expect(reason(Repeated.self, bytes, limits) == .arenaExhausted(limit: 1 << 20))
        #expect(reason(Repeated.self, bytes, .default) == nil)
    }

    @Test func submessagesByValueAreBoundedBeforeTheirMemoryIsSpent() {
        let bytes = WireBuilder.make { builder in
            for _ in 0..<30_000 { builder.messageField(1) { _ in } }
        }
        #expect(MemoryLayout<Wide>.stride > 1_000)
        #expect(reason(Amplifier.self, bytes, .default) == .valueTooLarge(limit: 16 << 20))
        let enough = 30_000 * MemoryLayout<Wide>.stride
        #expect(reason(Amplifier.self, bytes, DecodingLimits(maxValueBytes: enough)) == nil)
        #expect(
            reason(Amplifier.self, bytes, DecodingLimits(maxValueBytes: enough - 1))
                == .valueTooLarge(limit: enough - 1)
        )
    }

    @Test func anArenaMayBeSmallerThanItsFirstChunkWouldBe() {
        let bytes = Scalars(someBytes: [UInt8](repeating: 0, count: 3_000)).serialized()
        let limits = DecodingLimits(maxArenaBytes: 1_000)
        #expect(reason(Scalars.self, bytes, limits) == .arenaExhausted(limit: 1_000))
    }

    @Test func theWorstMessageThatTheDefaultsAllowIsDecodedOrRefused() {
        let bytes = WireBuilder.make { builder in
            for _ in 0..<65_536 { builder.messageField(17) { _ in } }
        }
        #expect(reason(Repeated.self, bytes, .default) == .arenaExhausted(limit: 8 << 20))
    }

    @Test func theLargestSnapshotIsDecodedAlsoFromANewerServer() throws {
        let document = DocumentReference(
            title: "Dự thảo nghị quyết về định danh và xác thực điện tử",
            digest: [UInt8](repeating: 7, count: 32),
            mediaType: "application/pdf",
            sizeBytes: 100_000
        )
        let largest = MeetingSnapshot(
            participants: (0..<800).map { index in
                Attendance(participant: Participant(principalID: "member-\(index)"))
            },
            agenda: (0..<100).map { index in
                AgendaItem(
                    agendaItemID: "item-\(index)",
                    documents: [DocumentReference](repeating: document, count: 16)
                )
            },
            polls: (0..<200).map { Poll(pollID: "poll-\($0)", agendaItemID: "item-0") }
        )
        let bytes = largest.serialized()
        #expect(try MeetingSnapshot(serialized: bytes) == largest)

        // Each participant has a field that this version does not know.
        let newer = WireBuilder.make { builder in
            for _ in 0..<800 {
                builder.messageField(2) { $0.varintField(60, 1) }
            }
        }
        #expect(try MeetingSnapshot(serialized: newer).participants.count == 800)
    }

    @Test func aDecoderGoesOnAfterAnError() throws {
        var decoder = MessageDecoder(limits: DecodingLimits(maxArenaBytes: 1 << 16))
        let large = WireBuilder.make { builder in
            for _ in 0..<1_000 { builder.messageField(17) { _ in } }
        }
        let small = Scalars(aString: "still here, and longer than fifteen bytes")
        for _ in 0..<3 {
            #expect(throws: MessageDecodingError.self) {
                _ = try Repeated(serialized: large, limits: DecodingLimits(maxArenaBytes: 1 << 16))
            }
            do {
                _ = try decoder.decode(Repeated.self, from: large)
                Issue.record("accepted")
            } catch {
                #expect(error.reason == .arenaExhausted(limit: 1 << 16))
            }
            let back = try decoder.decode(Scalars.self, from: small.serialized())
            #expect(back == small)
        }
    }

    @Test func anErrorSaysWhatAndWhere() {
        let bytes = WireBuilder.make { builder in
            builder.messageField(17) { $0.varintField(13, 2) }
        }
        do {
            _ = try Repeated(serialized: bytes)
            Issue.record("accepted")
        } catch {
            #expect(
                error.description
                    == "fixture.Repeated.messages[0].a_bool: "
                    + "a number does not fit the type of the field (at byte 4)"
            )
        }
    }
}
