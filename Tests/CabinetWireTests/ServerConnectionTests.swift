import CabinetWire
import Testing

@Suite struct ServerConnectionTests {
    private let now = Timestamp.seconds(100)

    private func receive(
        _ connection: inout ServerConnection,
        _ type: FrameType,
        flags: FrameFlags = [],
        id: UInt32 = 1,
        _ body: [UInt8] = [],
        at time: Timestamp = .seconds(100)
    ) throws(ProtocolViolation) -> ServerConnection.Received {
        try connection.receive(
            FrameHeader(type: type, flags: flags, id: id, bodyByteCount: body.count),
            body: body.span.bytes,
            at: time
        )
    }

    private func open(limits: ConnectionLimits = .default) throws -> ServerConnection {
        var connection = ServerConnection(limits: limits, at: now)
        try check(receive(&connection, .hello, id: 0), .hello)
        connection.acceptHello(limits: .default)
        return connection
    }

    /// A CALL of method 7 with a timeout in microseconds.
    private func callBody(timeout: UInt32 = 0) -> [UInt8] {
        bytes { CallHeader(method: 7, timeoutMicroseconds: timeout).write(to: &$0) }
    }

    private func call(
        _ connection: inout ServerConnection,
        slot: UInt32 = 1,
        isWhole: Bool = true,
        timeout: UInt32 = 0
    ) throws -> CallID {
        let received = try receive(
            &connection,
            .call,
            flags: isWhole ? .end : [],
            id: slot,
            callBody(timeout: timeout)
        )
        guard case .call(let id, _, isWhole) = received else {
            throw ProtocolViolation(.protocolError, rule: "-", "no call")
        }
        return id
    }

    private func number(_ value: UInt64) -> [UInt8] {
        bytes { SequenceBody.write(value, to: &$0) }
    }

    @Test func theFirstFrameIsHelloAndTheOnlyOne() throws {
        var silent = ServerConnection(at: now)
        check(
            violation { _ = try receive(&silent, .call, flags: .end, callBody()) }?.ruleText,
            "protocolError 1.3"
        )
        var long = ServerConnection(at: now)
        check(
            violation {
                _ = try receive(&long, .hello, id: 0, [UInt8](repeating: 0, count: 4_097))
            }?.ruleText,
            "tooLarge 1.6"
        )
        var open = try open()
        check(violation { _ = try receive(&open, .hello, id: 0) }?.ruleText, "protocolError 1.3")
    }

    @Test func aCallHasOneOutcomeAndThenItsSlotIsFree() throws {
        var connection = try open()
        let id = try call(&connection)
        check(connection.callCount, 1)
        let reply = FrameHeader(type: .reply, id: 1, bodyByteCount: 5)
        check(connection.reply(id, byteCount: 5), .frame(reply))
        check(connection.reply(id, byteCount: 5), .callHasEnded)
        check(connection.status(id, byteCount: 5), .callHasEnded)
        connection.written(id, at: now)
        check(connection.callCount, 0)
        let second = try call(&connection)
        #expect(second.slot == id.slot)
        check(connection.reply(id, byteCount: 5), .callHasEnded)
        check(
            connection.status(second, byteCount: 0, isNotProcessed: true),
            .frame(FrameHeader(type: .status, flags: .notProcessed, id: 1, bodyByteCount: 0))
        )
    }

    @Test func aSlotIsNotFreeBeforeItsOutcomeIsWritten() throws {
        var connection = try open()
        let id = try call(&connection)
        _ = connection.reply(id, byteCount: 60_000)
        check(connection.callCount, 1)
        check(
            violation { _ = try receive(&connection, .call, flags: .end, callBody()) }?.ruleText,
            "protocolError 3.1"
        )
    }

    @Test func aSlotThatIsBusyOrBeyondTheLimitIsRefused() throws {
        var busy = try open()
        _ = try call(&busy)
        check(
            violation { _ = try receive(&busy, .call, flags: .end, callBody()) }?.ruleText,
            "protocolError 3.1"
        )
        var beyond = try open()
        _ = try call(&beyond, slot: 64)
        check(
            violation { _ = try receive(&beyond, .call, flags: .end, id: 65, callBody()) }?
                .ruleText,
            "limitExceeded 3.1"
        )
    }

    @Test func aCallWithoutEndHoldsNoMessage() throws {
        var connection = try open()
        check(
            violation { _ = try receive(&connection, .call, callBody() + [1]) }?.ruleText,
            "protocolError 3.3"
        )
    }

    @Test func framesThatCrossedTheEndAreIgnoredAndOthersAreNot() throws {
        var connection = try open()
        let id = try call(&connection, isWhole: false)
        _ = connection.status(id, byteCount: 0)
        try check(receive(&connection, .item, [1]), .nothing)
        connection.written(id, at: now)
        try check(receive(&connection, .item, [1]), .nothing)
        try check(receive(&connection, .credit, number(.max)), .nothing)
        try check(receive(&connection, .cancel), .nothing)
        for type in [FrameType.item, .cancel] {
            var connection = try open()
            check(
                violation { _ = try receive(&connection, type, id: 2) }?.ruleText,
                "protocolError 3.6"
            )
        }
    }

    @Test func framesThatCrossedTheEndAreHeldToTheirRules() throws {
        var connection = try open()
        let id = try call(&connection, isWhole: false)
        _ = connection.status(id, byteCount: 0)
        connection.written(id, at: now)
        let large = [UInt8](repeating: 0, count: 65_528)
        try check(receive(&connection, .item, large), .nothing)
        try check(receive(&connection, .item, large), .nothing)
        check(
            violation { _ = try receive(&connection, .item) }?.ruleText,
            "limitExceeded 4.3"
        )
        var ended = try open()
        let second = try call(&ended)
        _ = ended.reply(second, byteCount: 0)
        ended.written(second, at: now)
        check(violation { _ = try receive(&ended, .item) }?.ruleText, "protocolError 3.3")
    }

    @Test func creditThatCrossesTheEndOfCallsIsNoFlood() throws {
        var connection = try open()
        for _ in 0..<300 {
            let id = try call(&connection)
            for _ in 0..<2 { _ = connection.item(id, byteCount: 1_000) }
            _ = connection.status(id, byteCount: 0)
            connection.written(id, at: now)
            try check(receive(&connection, .credit, number(140_000)), .nothing)
        }
    }

    /// All that was sent has arrived before the first CREDIT for it comes.
    @Test func creditByHalfAWindowIsNoFloodHoweverItIsBunched() throws {
        var connection = try open()
        let id = try call(&connection)
        for round in UInt64(1)...300 {
            for _ in 0..<2 {
                guard case .frame = connection.item(id, byteCount: 65_528) else {
                    Issue.record("not sent")
                    return
                }
            }
            for half in UInt64(1)...2 {
                let limit = 131_072 * round + 65_536 * half
                try check(receive(&connection, .credit, number(limit)), .creditRaised(id))
            }
        }
    }

    /// The client knows of fewer bytes than the server has sent, never of more.
    @Test func aCreditIsFreeForEachKibibyteThatWasSentAndOthersAreControlFrames() throws {
        var connection = try open()
        let id = try call(&connection)
        // 128 KiB with their headers.
        var limit: UInt64 = 131_072
        for _ in 0..<2 { _ = connection.item(id, byteCount: 65_528) }
        for _ in 0..<128 {
            limit += 1_024
            _ = try receive(&connection, .credit, number(limit))
        }
        for _ in 0..<200 {
            limit += 1_024
            _ = try receive(&connection, .credit, number(limit))
        }
        check(
            violation { _ = try receive(&connection, .credit, number(limit + 1_024)) }?.ruleText,
            "controlFlood 9.1"
        )
    }

    @Test func aClientThatSaidGoAwayMakesNoCalls() throws {
        var connection = try open()
        let id = try call(&connection)
        try check(receive(&connection, .goAway, id: 0), .goAway)
        try check(receive(&connection, .cancel), .cancelled(id))
        check(
            violation { _ = try receive(&connection, .call, flags: .end, id: 2, callBody()) }?
                .ruleText,
            "protocolError 7.1"
        )
    }

    @Test func emptyItemsAreNotFree() throws {
        var connection = try open()
        let id = try call(&connection, isWhole: false)
        for _ in 0..<(131_072 / 8) {
            try check(receive(&connection, .item), .item(id, isLast: false))
        }
        check(violation { _ = try receive(&connection, .item) }?.ruleText, "limitExceeded 4.3")
    }

    @Test func ignorableFramesAndGoAwayAreControlFrames() throws {
        for type in [FrameType(rawValue: 0x80), .goAway] {
            var connection = try open()
            for _ in 0..<200 { _ = try receive(&connection, type, id: 0) }
            check(
                violation { _ = try receive(&connection, type, id: 0) }?.ruleText,
                "controlFlood 9.1"
            )
        }
    }

    @Test func aCreditForWhatWasNotSentIsAControlFrame() throws {
        var connection = try open()
        _ = try call(&connection)
        var limit: UInt64 = 131_072
        let found = violation {
            for _ in 0..<1_000 {
                limit += 1_024
                _ = try receive(&connection, .credit, number(limit))
            }
        }
        check(found?.ruleText, "controlFlood 9.1")
    }

    @Test func itemsComeUntilEndAndWithinTheCredit() throws {
        var connection = try open()
        let id = try call(&connection, isWhole: false)
        // With their headers, these take all but eight bytes of 128 KiB.
        let half = [UInt8](repeating: 0, count: 65_524)
        try check(receive(&connection, .item, half), .item(id, isLast: false))
        try check(receive(&connection, .item, half), .item(id, isLast: false))
        check(violation { _ = try receive(&connection, .item, [1]) }?.ruleText, "limitExceeded 4.3")
        check(
            connection.credit(id, limitBytes: 131_081),
            .frame(FrameHeader(type: .credit, id: 1, bodyByteCount: 8))
        )
        try check(receive(&connection, .item, [1]), .item(id, isLast: false))
        _ = connection.credit(id, limitBytes: 140_000)
        try check(receive(&connection, .item, flags: .end), .endOfItems(id))
        check(violation { _ = try receive(&connection, .item) }?.ruleText, "protocolError 3.3")
    }

    @Test func responsesWaitForCredit() throws {
        var connection = try open()
        let id = try call(&connection)
        check(connection.item(id, byteCount: 65_537), .tooLarge)
        for _ in 0..<2 {
            check(
                connection.item(id, byteCount: 65_528),
                .frame(FrameHeader(type: .item, id: 1, bodyByteCount: 65_528))
            )
        }
        check(connection.item(id, byteCount: 0), .noCredit)
        try check(receive(&connection, .credit, number(131_072)), .nothing)
        try check(receive(&connection, .credit, number(140_000)), .creditRaised(id))
        check(
            connection.item(id, byteCount: 1),
            .frame(FrameHeader(type: .item, id: 1, bodyByteCount: 1))
        )
    }

    @Test func cancellationIsToldOnce() throws {
        var connection = try open()
        let cancelled = try call(&connection, slot: 1)
        try check(receive(&connection, .cancel), .cancelled(cancelled))
        try check(receive(&connection, .cancel), .nothing)
        check(
            connection.reply(cancelled, byteCount: 0),
            .frame(FrameHeader(type: .reply, id: 1, bodyByteCount: 0))
        )
    }

    @Test func aCancelledCallHasNoMoreItems() throws {
        var connection = try open()
        let id = try call(&connection, isWhole: false)
        try check(receive(&connection, .cancel), .cancelled(id))
        check(violation { _ = try receive(&connection, .item) }?.ruleText, "protocolError 3.3")
    }

    @Test func afterItsDeadlineTheItemsOfACallAreDropped() throws {
        var connection = try open()
        let received = try receive(&connection, .call, callBody(timeout: 1_000_000))
        guard case .call(let id, _, false) = received else {
            Issue.record("no call")
            return
        }
        check(connection.expire(at: .seconds(101)), .deadlineExceeded([id]))
        try check(receive(&connection, .item), .nothing)
    }

    @Test func deadlinesAreToldInTheirTimeAndOnce() throws {
        var connection = try open()
        let late = try call(&connection, slot: 1, timeout: 2_000_000)
        let soon = try call(&connection, slot: 2, timeout: 1_000_000)
        check(connection.nextDeadline, .seconds(101))
        check(connection.expire(at: .seconds(100.9)), nil)
        check(connection.expire(at: .seconds(101)), .deadlineExceeded([soon]))
        check(connection.expire(at: .seconds(101)), nil)
        check(connection.nextDeadline, .seconds(102))
        check(connection.expire(at: .seconds(103)), .deadlineExceeded([late]))
        check(connection.expire(at: .seconds(103)), nil)
    }

    @Test func aFloodOfControlFramesEndsTheConnection() throws {
        let control: [(FrameType, UInt32, [UInt8])] = [
            (.cancel, 1, []), (.ping, 0, number(1)), (.credit, 1, number(1)),
        ]
        for (type, id, body) in control {
            var connection = try open()
            _ = try call(&connection)
            for _ in 0..<200 { _ = try receive(&connection, type, id: id, body) }
            check(
                violation { _ = try receive(&connection, type, id: id, body) }?.ruleText,
                "controlFlood 9.1"
            )
        }
    }

    @Test func aDrainingServerRefusesNewCallsAndFinishesTheOthers() throws {
        var connection = try open()
        let running = try call(&connection, slot: 1)
        connection.drain()
        let received = try receive(&connection, .call, flags: .end, id: 2, callBody())
        guard case .refused(let refused) = received else {
            Issue.record("not refused: \(received)")
            return
        }
        check(
            connection.status(refused, byteCount: 3, isNotProcessed: true),
            .frame(FrameHeader(type: .status, flags: .notProcessed, id: 2, bodyByteCount: 3))
        )
        connection.written(refused, at: now)
        check(connection.callCount, 1)
        check(
            connection.reply(running, byteCount: 0),
            .frame(FrameHeader(type: .reply, id: 1, bodyByteCount: 0))
        )
        connection.written(running, at: now)
        check(connection.callCount, 0)
    }

    @Test func aDrainBeforeHelloStillTakesTheHello() throws {
        var connection = ServerConnection(at: now)
        connection.drain()
        try check(receive(&connection, .hello, id: 0), .hello)
        connection.acceptHello(limits: .default)
        let received = try receive(&connection, .call, flags: .end, id: 1, callBody())
        guard case .refused = received else {
            Issue.record("not refused: \(received)")
            return
        }
    }

    @Test func aConnectionSubscribesToAChannelOnceAndToSixteen() throws {
        var connection = try open()
        let first = try call(&connection, slot: 1)
        check(
            connection.bind(first, to: 9),
            .frame(FrameHeader(type: .bound, id: 1, bodyByteCount: 27))
        )
        let again = try call(&connection, slot: 2)
        check(connection.bind(again, to: 9), .alreadySubscribed)
        check(connection.bind(first, to: 10), .alreadyBound)
        for slot in UInt32(3)...17 {
            _ = connection.bind(try call(&connection, slot: slot), to: slot + 100)
        }
        check(connection.bind(again, to: 10), .tooManySubscriptions)
        _ = connection.status(first, byteCount: 0)
        check(
            connection.bind(again, to: 9),
            .frame(FrameHeader(type: .bound, id: 2, bodyByteCount: 27))
        )
    }

    @Test func aClosedConnectionNamesWhatWasRunningAndIsSilent() throws {
        var connection = try open()
        let first = try call(&connection, slot: 1)
        let second = try call(&connection, slot: 5)
        check(connection.close(), [first, second])
        check(connection.reply(first, byteCount: 0), .callHasEnded)
        try check(receive(&connection, .cancel, id: 5), .nothing)
    }
}
