import CabinetWire
import Testing

@Suite struct ClientConnectionTests {
    private let now = Timestamp.seconds(100)

    private func receive(
        _ connection: inout ClientConnection,
        _ type: FrameType,
        flags: FrameFlags = [],
        id: UInt32 = 1,
        _ body: [UInt8] = []
    ) throws(ProtocolViolation) -> ClientConnection.Received {
        try connection.receive(
            FrameHeader(type: type, flags: flags, id: id, bodyByteCount: body.count),
            body: body.span.bytes,
            at: .seconds(100)
        )
    }

    private func open() throws -> ClientConnection {
        var connection = ClientConnection(at: now)
        check(try receive(&connection, .hello, id: 0), .hello)
        check(connection.acceptHello(limits: .default), [])
        return connection
    }

    private func call(
        _ connection: inout ClientConnection,
        _ responses: ClientConnection.ResponseKind = .single,
        resume: CallHeader.Resume? = nil,
        messageByteCount: Int? = 10
    ) throws -> CallID {
        let header = CallHeader(method: 7, resume: resume)
        let sending = connection.call(
            header,
            messageByteCount: messageByteCount,
            responses: responses
        )
        guard case .frame(let id, _) = sending else {
            throw ProtocolViolation(.protocolError, rule: "-", "not sent")
        }
        return id
    }

    private func number(_ value: UInt64) -> [UInt8] {
        bytes { SequenceBody.write(value, to: &$0) }
    }

    /// A connection that follows the channel 9 in the slot 1, of epoch 5, from the event 11.
    private func following() throws -> ClientConnection {
        var connection = try open()
        let id = try call(&connection, .channel, resume: .init(epoch: 5, sequence: 10))
        check(try receive(&connection, .bound, bound()), .bound(id, boundBody()))
        return connection
    }

    private func boundBody(epoch: UInt64 = 5, first: UInt64 = 1, next: UInt64 = 11) -> BoundBody {
        BoundBody(channelID: 9, epoch: epoch, firstSequence: first, nextSequence: next)
    }

    private func bound(epoch: UInt64 = 5, first: UInt64 = 1, next: UInt64 = 11) -> [UInt8] {
        bytes { boundBody(epoch: epoch, first: first, next: next).write(to: &$0) }
    }

    private func batch(_ first: UInt64, count: Int) -> [UInt8] {
        bytes { output in
            BatchBody.writeHeader(firstSequence: first, count: count, to: &output)
            for _ in 0..<count { BatchBody.writeMessageByteCount(0, to: &output) }
        }
    }

    @Test func callsAreMadeBeforeTheServersHello() throws {
        var connection = ClientConnection(at: now)
        let sending = connection.call(
            CallHeader(method: 7),
            messageByteCount: 10,
            responses: .single
        )
        guard case .frame(let id, let header) = sending else {
            Issue.record("not sent: \(sending)")
            return
        }
        check(header, FrameHeader(type: .call, flags: .end, id: 1, bodyByteCount: 16))
        check(try receive(&connection, .hello, id: 0), .hello)
        check(connection.acceptHello(limits: .default), [])
        check(try receive(&connection, .reply), .reply(id))
        check(violation { _ = try receive(&connection, .reply) }?.ruleText, "protocolError 3.4")
    }

    @Test func slotsAreUsedAgainAndAreNoMoreThanTheLimit() throws {
        var connection = try open()
        let ids = try (1...64).map { _ in try call(&connection) }
        check(ids.map(\.slot), Array(1...64))
        let more = connection.call(CallHeader(method: 7), messageByteCount: 0, responses: .single)
        check(more, .noFreeSlot)
        check(try receive(&connection, .reply, id: 40), .reply(ids[39]))
        check(try call(&connection).slot, 40)
    }

    @Test func whatIsTooLongIsNotSent() throws {
        var connection = try open()
        let header = CallHeader(method: 7)
        let long = connection.call(header, messageByteCount: 65_531, responses: .single)
        check(long, .tooLarge)
        let metadata = connection.call(
            CallHeader(method: 7, metadataByteCount: 8_193),
            messageByteCount: 0,
            responses: .single
        )
        check(metadata, .tooLarge)
        check(connection.callCount, 0)
    }

    @Test func aServerThatGoesAwayGetsNoNewCalls() throws {
        var connection = try open()
        let id = try call(&connection)
        check(try receive(&connection, .goAway, id: 0), .goAway)
        let late = connection.call(CallHeader(method: 7), messageByteCount: 0, responses: .single)
        check(late, .connectionIsClosing)
        check(
            try receive(&connection, .status, flags: .notProcessed),
            .status(id, isNotProcessed: true)
        )
    }

    @Test func goAwayMayComeInPlaceOfHelloButNotWithoutEnd() throws {
        var connection = ClientConnection(at: now)
        for _ in 0..<200 { check(try receive(&connection, .goAway, id: 0), .goAway) }
        check(
            violation { _ = try receive(&connection, .goAway, id: 0) }?.ruleText,
            "controlFlood 9.1"
        )
    }

    /// All that was sent has arrived before the first CREDIT for it comes.
    @Test func creditByHalfAWindowIsNoFloodHoweverItIsBunched() throws {
        var connection = try open()
        let id = try call(&connection, messageByteCount: nil)
        for round in UInt64(1)...300 {
            for _ in 0..<2 {
                guard case .frame = connection.item(id, byteCount: 65_528) else {
                    Issue.record("not sent")
                    return
                }
            }
            for half in UInt64(1)...2 {
                let limit = 131_072 * round + 65_536 * half
                check(try receive(&connection, .credit, number(limit)), .creditRaised(id))
            }
        }
    }

    @Test func creditByHalfAWindowIsNotRationedHoweverItIsBunched() throws {
        var connection = try open()
        let id = try call(&connection, .stream)
        let large = [UInt8](repeating: 0, count: 65_528)
        let frame = FrameHeader(type: .credit, id: 1, bodyByteCount: 8)
        for round in UInt64(1)...150 {
            for _ in 0..<2 { check(try receive(&connection, .item, large), .item(id)) }
            for half in UInt64(1)...2 {
                let limit = 131_072 * round + 65_536 * half
                check(connection.credit(id, limitBytes: limit, at: now), .frame(id, frame))
            }
        }
    }

    @Test func theCreditOfHelloIsNotOneOfTheServersFrames() throws {
        var connection = ClientConnection(at: now)
        for _ in 0..<64 {
            let id = try call(&connection, messageByteCount: nil)
            for _ in 0..<2 { _ = connection.item(id, byteCount: 65_528) }
        }
        check(try receive(&connection, .hello, id: 0), .hello)
        let limits = try ConnectionLimits(statedCreditBytes: 1 << 20)
        check(connection.acceptHello(limits: limits).count, 64)
        for step in UInt64(1)...4 {
            for slot in UInt32(1)...64 {
                let limit = UInt64(1 << 20) + step * 32_768
                _ = try receive(&connection, .credit, id: slot, number(limit))
            }
        }
    }

    @Test func requestsGoOutWithinTheCreditUntilTheEnd() throws {
        var connection = try open()
        let id = try call(&connection, messageByteCount: nil)
        for _ in 0..<2 {
            guard case .frame = connection.item(id, byteCount: 65_528) else {
                Issue.record("not sent")
                return
            }
        }
        check(connection.endItems(id), .noCredit)
        check(try receive(&connection, .credit, number(131_080)), .creditRaised(id))
        check(
            connection.endItems(id),
            .frame(id, FrameHeader(type: .item, flags: .end, id: 1, bodyByteCount: 0))
        )
        check(connection.item(id, byteCount: 0), .callHasEnded)
    }

    @Test func theServersCreditHoldsForCallsMadeBeforeItWasKnown() throws {
        var connection = ClientConnection(at: now)
        let id = try call(&connection, messageByteCount: nil)
        let whole = try call(&connection)
        for _ in 0..<2 { _ = connection.item(id, byteCount: 65_528) }
        check(connection.item(id, byteCount: 0), .noCredit)
        check(try receive(&connection, .hello, id: 0), .hello)
        let limits = try ConnectionLimits(statedCreditBytes: 1 << 20)
        check(connection.acceptHello(limits: limits), [id])
        guard case .frame = connection.item(id, byteCount: 65_528) else {
            Issue.record("not sent")
            return
        }
        check(whole.slot, 2)
    }

    @Test func aReplyOrAnItemThatTheCallCannotHaveIsAViolation() throws {
        var stream = try open()
        _ = try call(&stream, .stream)
        check(violation { _ = try receive(&stream, .reply) }?.ruleText, "protocolError 3.4")
        var single = try open()
        _ = try call(&single)
        check(violation { _ = try receive(&single, .item) }?.ruleText, "protocolError 3.4")
        check(
            violation { _ = try receive(&single, .bound, bound()) }?.ruleText,
            "protocolError 5.1"
        )
    }

    @Test func responsesPastTheCreditAreAViolation() throws {
        var connection = try open()
        let id = try call(&connection, .stream)
        let large = [UInt8](repeating: 0, count: 65_528)
        for _ in 0..<2 { check(try receive(&connection, .item, large), .item(id)) }
        check(violation { _ = try receive(&connection, .item) }?.ruleText, "limitExceeded 4.3")
    }

    @Test func cancellationsAreRationed() throws {
        var connection = try open()
        var later = 0
        for _ in 0..<150 {
            let id = try call(&connection)
            if connection.cancel(id, at: now) == .later { later += 1 }
            _ = try receive(&connection, .status, id: id.slot)
        }
        check(later, 50)
    }

    @Test func cancelIsSentOnce() throws {
        var connection = try open()
        let id = try call(&connection)
        check(
            connection.cancel(id, at: now),
            .frame(id, FrameHeader(type: .cancel, id: 1, bodyByteCount: 0))
        )
        check(connection.cancel(id, at: now), .callHasEnded)
        check(try receive(&connection, .status), .status(id, isNotProcessed: false))
    }

    @Test func eventsFollowEachOtherWithoutAGap() throws {
        var connection = try following()
        let id = UInt32(1)
        check(try receive(&connection, .event, id: 9, number(11)).callSlot, id)
        check(try receive(&connection, .batch, id: 9, batch(12, count: 3)).callSlot, id)
        check(try receive(&connection, .mark, id: 9, number(14)).callSlot, id)
        check(try receive(&connection, .event, id: 9, number(15)).callSlot, id)
    }

    @Test(arguments: [
        (FrameType.event, UInt64(10)), (.event, 12), (.mark, 11), (.mark, 9), (.mark, .max),
        (.event, .max), (.snapshot, 9),
    ])
    func aGapOrAStepBackIsAViolation(type: FrameType, sequence: UInt64) throws {
        var connection = try following()
        #expect(violation { _ = try receive(&connection, type, id: 9, number(sequence)) } != nil)
    }

    @Test func aSnapshotSetsThePlace() throws {
        var connection = try following()
        check(
            try receive(&connection, .snapshot, flags: .more, id: 9, number(40)).callSlot,
            UInt32(1)
        )
        check(
            violation { _ = try receive(&connection, .event, id: 9, number(41)) }?.ruleText,
            "protocolError 5.5"
        )
        check(
            violation { _ = try receive(&connection, .snapshot, id: 9, number(41)) }?.ruleText,
            "protocolError 5.4"
        )
        _ = try receive(&connection, .snapshot, id: 9, number(40))
        _ = try receive(&connection, .event, id: 9, number(41))
    }

    @Test func withoutATokenTheSnapshotComesFirst() throws {
        var connection = try open()
        _ = try call(&connection, .channel)
        _ = try receive(&connection, .bound, bound())
        check(
            violation { _ = try receive(&connection, .event, id: 9, number(11)) }?.ruleText,
            "protocolError 5.5"
        )
        _ = try receive(&connection, .snapshot, id: 9, number(10))
        _ = try receive(&connection, .event, id: 9, number(11))
    }

    /// The history holds the events 5 to 10.
    @Test(arguments: [(UInt64(3), "protocolError 5.4"), (4, nil), (10, nil), (40, nil)])
    func aSnapshotIsNoOlderThanWhatCanBeHad(sequence: UInt64, rule: String?) throws {
        var connection = try open()
        _ = try call(&connection, .channel)
        _ = try receive(&connection, .bound, bound(first: 5))
        let found = violation { _ = try receive(&connection, .snapshot, id: 9, number(sequence)) }
        check(found?.ruleText, rule)
    }

    @Test(arguments: [(128, nil), (129, "tooLarge 5.4")] as [(Int, String?)])
    func aSnapshotIsAtMostAMebibyteInAllItsFrames(last: Int, rule: String?) throws {
        var connection = try following()
        func part(_ byteCount: Int, _ sequence: UInt64) -> [UInt8] {
            number(sequence) + [UInt8](repeating: 0, count: byteCount)
        }
        // The second snapshot is counted anew.
        for sequence in UInt64(40)...41 {
            for _ in 0..<16 {
                _ = try receive(
                    &connection,
                    .snapshot,
                    flags: .more,
                    id: 9,
                    part(65_528, sequence)
                )
            }
            let found = violation {
                _ = try receive(&connection, .snapshot, id: 9, part(last, sequence))
            }
            check(found?.ruleText, rule)
            if rule != nil { break }
        }
    }

    @Test(arguments: [
        (UInt64(6), UInt64(1), UInt64(11)), (5, 12, 20), (5, 1, 10),
    ])
    func aTokenThatDoesNotFitTheHistoryIsNotSpliced(epoch: UInt64, first: UInt64, next: UInt64)
        throws
    {
        var connection = try open()
        _ = try call(&connection, .channel, resume: .init(epoch: 5, sequence: 10))
        let found = violation {
            _ = try receive(&connection, .bound, bound(epoch: epoch, first: first, next: next))
        }
        check(found?.ruleText, "protocolError 5.3")
    }

    @Test func noFrameOfAChannelComesAfterItsEnd() throws {
        var connection = try following()
        _ = try receive(&connection, .status)
        check(
            violation { _ = try receive(&connection, .event, id: 9, number(11)) }?.ruleText,
            "protocolError 5.11"
        )
    }

    @Test func aClosedConnectionNamesTheCallsWithoutAnOutcome() throws {
        var connection = try open()
        let id = try call(&connection)
        check(connection.close(), [id])
        let late = connection.call(CallHeader(method: 7), messageByteCount: 0, responses: .single)
        check(late, .connectionIsClosing)
    }
}

extension ClientConnection.Received {
    /// The slot of the call that a frame of a channel belongs to.
    fileprivate var callSlot: UInt32? {
        switch self {
        case .event(let id, _), .batch(let id, _), .mark(let id, _), .snapshot(let id, _, _):
            id.slot
        default: nil
        }
    }
}
