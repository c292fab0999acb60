internal import CabinetWire

/// A server whose client sends anything at all. It has its own account of what the state machine
/// should know, and compares.
final class LonelyServer {
    /// A call of the client's, as the server's own account has it.
    private struct Call {
        var id: CallID
        /// What its items may come to, and have come to.
        var grantedBytes: UInt64
        var receivedBytes: UInt64 = 0
        var creditBytes: UInt64
        var sentBytes: UInt64 = 0
        var hasItems: Bool
        var channel: UInt32?
        var isStopped = false
        var isEnding = false
    }

    private var program: ProgramReader
    private var now = Timestamp(nanoseconds: 1 << 40)
    private let limits: ConnectionLimits
    private var clientLimits = ConnectionLimits.default
    private var connection: ServerConnection
    private var arrived = ArrivedBytes(from: .client)
    /// Checks what this side sends.
    private var sentReader = FrameReader(from: .server)
    private var calls: [Call] = []
    private var seen: Set<CallID> = []
    private var pongs: RationedFrames
    private var isDraining = false
    private var hasEnded = false

    init(_ program: ProgramReader) {
        self.program = program
        limits = self.program.choose(ConnectionTarget.limits)
        connection = ServerConnection(limits: limits, at: now)
        pongs = RationedFrames(burst: 200, perSecond: 20, from: now)
    }

    func run() throws {
        while !program.isAtEnd, !hasEnded {
            switch program.byte() % 12 {
            case 0: try advance()
            case 1: try end { self.connection.reply($0, byteCount: $1) }
            case 2:
                let isNotProcessed = program.bool()
                try end {
                    self.connection.status($0, byteCount: $1, isNotProcessed: isNotProcessed)
                }
            case 3: try sendItem()
            case 4: try giveCredit()
            case 5: try bind()
            case 6: try handOver()
            case 7:
                if program.byte() == 0 {
                    connection.drain()
                    isDraining = true
                }
            default:
                arrived.append(ConnectionTarget.hostileBytes(&program))
                try receive()
            }
            try require(connection.callCount == calls.count, "the calls are not those that began")
        }
        close()
        try require(connection.callCount == 0, "a closed connection has calls")
    }

    // MARK: - Receiving

    private func receive() throws {
        connection.liveness.received(at: now)
        while true {
            let received: (ServerConnection.Received, FrameHeader, [UInt8])
            do throws(ProtocolViolation) {
                guard let (header, body) = try arrived.next() else { break }
                let answer = try connection.receive(header, body: body.span.bytes, at: now)
                if answer == .hello {
                    clientLimits = try ConnectionTarget.statedLimits(body)
                    connection.acceptHello(limits: clientLimits)
                    arrived.reader.maxBodyBytes = limits.maxFrameBytes
                    sentReader.maxBodyBytes = clientLimits.maxFrameBytes
                }
                received = (answer, header, body)
            } catch {
                return close()
            }
            connection.liveness.finishedFrame()
            try account(received.0, received.1, received.2)
        }
        connection.liveness.finishedReading(isIncomplete: arrived.isIncomplete, at: now)
    }

    private func account(
        _ received: ServerConnection.Received,
        _ header: FrameHeader,
        _ body: [UInt8]
    ) throws {
        switch received {
        case .nothing, .hello, .goAway: break
        case .ping: try pongs.add(at: now)
        case .call(let id, let call, let isWhole):
            try require(!isDraining, "a draining server begins a call")
            try require(
                call.byteCount + (call.metadataByteCount ?? 0) <= body.count,
                "a CALL without all of its header"
            )
            try begin(id, hasItems: !isWhole)
        case .refused(let id):
            try require(isDraining, "a call is refused without a reason")
            try begin(id, hasItems: !header.flags.contains(.end))
        case .item(let id, let isLast):
            try modify(id) { call in
                call.receivedBytes += UInt64(body.count + FrameHeader.byteCount)
                try require(call.hasItems, "an item of a call that has none")
                try require(call.receivedBytes <= call.grantedBytes, "an item past the credit")
                if isLast { call.hasItems = false }
            }
        case .endOfItems(let id):
            try modify(id) { call in
                try require(call.hasItems, "items end twice")
                call.hasItems = false
            }
        case .cancelled(let id): try stop(id)
        case .creditRaised(let id):
            let limit = try SequenceBody.read(body.span.bytes)
            try modify(id) { call in
                try require(limit > call.creditBytes, "a credit is raised that is not higher")
                call.creditBytes = limit
            }
        }
    }

    private func begin(_ id: CallID, hasItems: Bool) throws {
        try require(seen.insert(id).inserted, "a call begins twice")
        try require((1...limits.maxCalls).contains(Int(id.slot)), "a slot that there is not")
        try require(!calls.contains { $0.id.slot == id.slot }, "two calls are in one slot")
        calls.append(
            Call(
                id: id,
                grantedBytes: UInt64(limits.initialCreditBytes),
                creditBytes: UInt64(clientLimits.initialCreditBytes),
                hasItems: hasItems
            )
        )
    }

    private func modify(_ id: CallID, _ body: (inout Call) throws -> Void) throws {
        guard let index = calls.firstIndex(where: { $0.id == id }) else {
            throw FuzzFinding(description: "a frame for a call that is not there")
        }
        try require(!calls[index].isEnding, "a frame for a call that has its outcome")
        try body(&calls[index])
    }

    /// The call is to be stopped: it is said once.
    private func stop(_ id: CallID) throws {
        try modify(id) { call in
            try require(!call.isStopped, "a call is stopped twice")
            call.isStopped = true
            call.hasItems = false
        }
    }

    // MARK: - Time

    private func advance() throws {
        now = now + .milliseconds(program.choose(ConnectionTarget.steps))
        for _ in 0..<10 {
            guard let expiry = connection.expire(at: now) else { return }
            switch expiry {
            case .deadlineExceeded(let ids):
                for id in ids { try stop(id) }
            case .liveness(.ping):
                break
            case .liveness(.idle):
                try require(calls.isEmpty || isDraining, "a connection with calls is idle")
                return close()
            case .liveness(.dead), .liveness(.violation):
                return close()
            }
        }
        throw FuzzFinding(description: "there is no end to what is due")
    }

    // MARK: - Sending

    private func anyCall() -> Int? { program.index(below: calls.count) }

    private func check(_ header: FrameHeader, _ type: FrameType) throws {
        try require(header.type == type, "another frame than what was to be sent")
        var bytes: [UInt8] = []
        bytes.append(header)
        _ = try sentReader.next(in: bytes.span.bytes)
    }

    private func end(_ send: (CallID, Int) -> ServerConnection.Sending) throws {
        guard let index = anyCall() else { return }
        let byteCount = Int(program.byte()) << 9
        let call = calls[index]
        // A subscription ends with a status, and both are the same to the client.
        let sending =
            call.channel == nil
            ? send(call.id, byteCount) : connection.status(call.id, byteCount: byteCount)
        switch sending {
        case .frame(let header):
            try require(!call.isEnding, "a call has two outcomes")
            _ = try check(header, header.type)
            calls[index].isEnding = true
            calls[index].channel = nil
        case .tooLarge:
            try require(
                byteCount > clientLimits.maxFrameBytes,
                "an outcome is no longer than may be"
            )
        case .callHasEnded:
            try require(call.isEnding, "a call that is running has ended")
        default:
            throw FuzzFinding(description: "an outcome is \(sending)")
        }
    }

    private func sendItem() throws {
        guard let index = anyCall() else { return }
        let byteCount = Int(program.byte()) << 9
        let call = calls[index]
        let total = call.sentBytes + UInt64(byteCount + FrameHeader.byteCount)
        switch connection.item(call.id, byteCount: byteCount) {
        case .frame(let header):
            try check(header, .item)
            calls[index].sentBytes = total
            try require(!call.isEnding && total <= call.creditBytes, "an item that may not be")
        case .noCredit:
            try require(total > call.creditBytes, "an item waits that may be sent")
        case .tooLarge:
            try require(byteCount > clientLimits.maxFrameBytes, "an item is no longer than may be")
        case .callHasEnded:
            try require(call.isEnding, "a call that is running has ended")
        case let sending:
            throw FuzzFinding(description: "an item is \(sending)")
        }
    }

    private func giveCredit() throws {
        guard let index = anyCall() else { return }
        let limit = program.bool() ? program.number(byteCount: 8) : UInt64(program.byte()) << 13
        guard case .frame(let header) = connection.credit(calls[index].id, limitBytes: limit) else {
            return try require(calls[index].isEnding, "a call that is running takes no credit")
        }
        try check(header, .credit)
        calls[index].grantedBytes = max(calls[index].grantedBytes, limit)
    }

    private func bind() throws {
        guard let index = anyCall() else { return }
        let channel = UInt32(program.byte()) + 1
        let call = calls[index]
        let bound = calls.compactMap(\.channel)
        switch connection.bind(call.id, to: channel) {
        case .frame(let header):
            try check(header, .bound)
            try require(
                !call.isEnding && call.channel == nil && !bound.contains(channel)
                    && bound.count < limits.maxSubscriptions,
                "a subscription that may not be"
            )
            calls[index].channel = channel
        case .callHasEnded: try require(call.isEnding, "a call that is running has ended")
        case .alreadyBound: try require(call.channel != nil, "a call is bound to nothing")
        case .alreadySubscribed: try require(bound.contains(channel), "there is no subscription")
        case .tooManySubscriptions:
            try require(bound.count == limits.maxSubscriptions, "there may be more subscriptions")
        case let sending:
            throw FuzzFinding(description: "a subscription is \(sending)")
        }
    }

    /// Hands what was sent to the transport.
    private func handOver() throws {
        for call in calls where call.isEnding { connection.written(call.id, at: now) }
        for call in calls where !call.isEnding { connection.written(call.id, at: now) }
        calls.removeAll(where: \.isEnding)
    }

    private func close() {
        _ = connection.close()
        calls = []
        hasEnded = true
    }
}
