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
        check(connection.reply(id, byteCount: 5, at: now), .frame(reply))
        check(connection.reply(id, byteCount: 5, at: now), .callHasEnded)
        check(connection.status(id, byteCount: 5, at: now), .callHasEnded)
        check(connection.callCount, 0)
        let second = try call(&connection)
        #expect(second.slot == id.slot)
        check(connection.reply(id, byteCount: 5, at: now), .callHasEnded)
        check(
            connection.status(second, byteCount: 0, isNotProcessed: true, at: now),
            .frame(FrameHeader(type: .status, flags: .notProcessed, id: 1, bodyByteCount: 0))
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
        _ = connection.status(id, byteCount: 0, at: now)
        try check(receive(&connection, .item, [1]), .nothing)
        try check(receive(&connection, .cancel), .nothing)
        try check(receive(&connection, .credit, number(.max)), .nothing)
        for type in [FrameType.item, .cancel] {
            var connection = try open()
            check(
                violation { _ = try receive(&connection, type, id: 2) }?.ruleText,
                "protocolError 3.6"
            )
        }
    }

    @Test func itemsComeUntilEndAndWithinTheCredit() throws {
        var connection = try open()
        let id = try call(&connection, isWhole: false)
        let half = [UInt8](repeating: 0, count: 32_768)
        try check(receive(&connection, .item, half), .item(id, isLast: false))
        try check(receive(&connection, .item, half), .item(id, isLast: false))
        check(
            connection.credit(id, limitBytes: 65_537),
            .frame(FrameHeader(type: .credit, id: 1, bodyByteCount: 8))
        )
        try check(receive(&connection, .item, [1]), .item(id, isLast: false))
        check(violation { _ = try receive(&connection, .item, [1]) }?.ruleText, "limitExceeded 4.3")
        try check(receive(&connection, .item, flags: .end), .endOfItems(id))
        check(violation { _ = try receive(&connection, .item) }?.ruleText, "protocolError 3.3")
    }

    @Test func responsesWaitForCredit() throws {
        var connection = try open()
        let id = try call(&connection)
        check(connection.item(id, byteCount: 65_537), .tooLarge)
        check(
            connection.item(id, byteCount: 65_536),
            .frame(FrameHeader(type: .item, id: 1, bodyByteCount: 65_536))
        )
        check(connection.item(id, byteCount: 1), .noCredit)
        try check(receive(&connection, .credit, number(65_536)), .nothing)
        try check(receive(&connection, .credit, number(70_000)), .creditRaised(id))
        check(
            connection.item(id, byteCount: 1),
            .frame(FrameHeader(type: .item, id: 1, bodyByteCount: 1))
        )
    }

    @Test func cancellationIsToldOnceAndNotAfterAnEffect() throws {
        var connection = try open()
        let cancelled = try call(&connection, slot: 1)
        try check(receive(&connection, .cancel), .cancelled(cancelled))
        try check(receive(&connection, .cancel), .nothing)
        check(connection.beginEffect(cancelled), false)
        let committed = try call(&connection, slot: 2)
        check(connection.beginEffect(committed), true)
        try check(receive(&connection, .cancel, id: 2), .nothing)
        check(
            connection.reply(committed, byteCount: 0, at: now),
            .frame(FrameHeader(type: .reply, id: 2, bodyByteCount: 0))
        )
    }

    @Test func deadlinesAreToldInTheirTimeAndOnce() throws {
        var connection = try open()
        let late = try call(&connection, slot: 1, timeout: 2_000_000)
        let soon = try call(&connection, slot: 2, timeout: 1_000_000)
        let committed = try call(&connection, slot: 3, timeout: 1_000_000)
        check(connection.beginEffect(committed), true)
        check(connection.nextDeadline, .seconds(101))
        check(connection.expire(at: .seconds(100.9)), nil)
        check(connection.expire(at: .seconds(101)), .deadlineExceeded(soon))
        check(connection.expire(at: .seconds(101)), nil)
        check(connection.nextDeadline, .seconds(102))
        check(connection.beginEffect(soon), false)
        check(connection.expire(at: .seconds(103)), .deadlineExceeded(late))
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
        try check(receive(&connection, .call, flags: .end, id: 2, callBody()), .refused(slot: 2))
        try check(receive(&connection, .call, flags: .end, id: 2, callBody()), .refused(slot: 2))
        check(connection.callCount, 1)
        check(
            connection.reply(running, byteCount: 0, at: now),
            .frame(FrameHeader(type: .reply, id: 1, bodyByteCount: 0))
        )
        check(connection.callCount, 0)
    }

    @Test func aDrainBeforeHelloStillTakesTheHello() throws {
        var connection = ServerConnection(at: now)
        connection.drain()
        try check(receive(&connection, .hello, id: 0), .hello)
        connection.acceptHello(limits: .default)
        try check(receive(&connection, .call, flags: .end, id: 1, callBody()), .refused(slot: 1))
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
        for slot in UInt32(3)...17 {
            _ = connection.bind(try call(&connection, slot: slot), to: slot + 100)
        }
        check(connection.bind(again, to: 10), .tooManySubscriptions)
        _ = connection.status(first, byteCount: 0, at: now)
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
        check(connection.reply(first, byteCount: 0, at: now), .callHasEnded)
        try check(receive(&connection, .cancel, id: 5), .nothing)
    }
}
