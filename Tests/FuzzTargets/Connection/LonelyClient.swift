internal import CabinetWire

/// A client whose server sends anything at all. It has its own account of what the state machine
/// should know, and compares.
final class LonelyClient {
    private struct Call {
        var id: CallID
        var responses: ClientConnection.ResponseKind
        var resume: CallHeader.Resume?
        var sendsItems: Bool
        var isCancelled = false
        var grantedBytes: UInt64
        var receivedBytes: UInt64 = 0
        /// The bytes of a snapshot that has begun.
        var snapshotBytes = 0
        var isInSnapshot = false
        var bound: BoundBody?
        /// The next event.
        var next: UInt64?
    }

    private var program: ProgramReader
    private var now = Timestamp(nanoseconds: 1 << 40)
    private let limits: ConnectionLimits
    private var serverLimits = ConnectionLimits.default
    private var connection: ClientConnection
    private var arrived = ArrivedBytes(from: .server)
    private var sentReader = FrameReader(from: .client)
    private var calls: [Call] = []
    private var seen: Set<CallID> = []
    private var pongs: RationedFrames
    private var rationed: RationedFrames
    private var isGoingAway = false
    private var hasEnded = false

    init(_ program: ProgramReader) {
        self.program = program
        limits = self.program.choose(ConnectionTarget.limits)
        connection = ClientConnection(limits: limits, at: now)
        pongs = RationedFrames(burst: 200, perSecond: 20, from: now)
        rationed = RationedFrames(burst: 100, perSecond: 10, from: now)
        sentReader.maxBodyBytes = serverLimits.maxFrameBytes
    }

    func run() throws {
        while !program.isAtEnd, !hasEnded {
            switch program.byte() % 12 {
            case 0: try advance()
            case 1, 2: try makeCall()
            case 3: try sendItem()
            case 4: try endItems()
            case 5: try cancel()
            case 6: try giveCredit()
            default:
                arrived.append(ConnectionTarget.hostileBytes(&program))
                try receive()
            }
            try require(
                connection.callCount == calls.count,
                "the calls are not those that were made"
            )
        }
        let open = connection.close()
        try require(Set(open) == Set(calls.map(\.id)), "a closed connection names other calls")
    }

    // MARK: - Receiving

    private func receive() throws {
        connection.liveness.received(at: now)
        while true {
            let received: (ClientConnection.Received, FrameHeader, [UInt8])
            do throws(ProtocolViolation) {
                guard let (header, body) = try arrived.next() else { break }
                let answer = try connection.receive(header, body: body.span.bytes, at: now)
                if answer == .hello {
                    serverLimits = try ConnectionTarget.statedLimits(body)
                    _ = connection.acceptHello(limits: serverLimits)
                    arrived.reader.maxBodyBytes = limits.maxFrameBytes
                    sentReader.maxBodyBytes = serverLimits.maxFrameBytes
                }
                received = (answer, header, body)
            } catch {
                hasEnded = true
                return
            }
            connection.liveness.finishedFrame()
            try account(received.0, received.1, received.2)
        }
        connection.liveness.finishedReading(isIncomplete: arrived.isIncomplete, at: now)
    }

    private func account(
        _ received: ClientConnection.Received,
        _ header: FrameHeader,
        _ body: [UInt8]
    ) throws {
        switch received {
        case .nothing, .hello: break
        case .goAway: isGoingAway = true
        case .ping: try pongs.add(at: now)
        case .reply(let id):
            try modify(id) { try require($0.responses == .single, "a REPLY that may not be") }
            calls.removeAll { $0.id == id }
        case .status(let id, _):
            try modify(id) { _ in }
            calls.removeAll { $0.id == id }
        case .item(let id):
            try modify(id) { call in
                call.receivedBytes += UInt64(body.count + FrameHeader.byteCount)
                try require(
                    call.responses == .stream && call.receivedBytes <= call.grantedBytes,
                    "an ITEM that may not be"
                )
            }
        case .creditRaised(let id): try modify(id) { _ in }
        case .bound(let id, let bound):
            try require(
                !calls.contains { $0.bound?.channelID == bound.channelID },
                "two calls are bound to one channel"
            )
            try modify(id) { call in
                try require(call.responses == .channel && call.bound == nil, "a second BOUND")
                call.bound = bound
                call.next = call.resume.map { $0.sequence + 1 }
                if let resume = call.resume {
                    try require(
                        resume.epoch == bound.epoch
                            && (bound.firstSequence...bound.nextSequence).contains(
                                resume.sequence + 1
                            ),
                        "two histories are spliced"
                    )
                }
            }
        case .event(let id, let sequence): try takeEvents(id, header, from: sequence, count: 1)
        case .batch(let id, let batch):
            try takeEvents(id, header, from: batch.firstSequence, count: batch.messages.count)
        case .mark(let id, let sequence):
            try modify(id) { try require($0.next == sequence + 1, "MARK of what was not seen") }
        case .snapshot(let id, let sequence, let isLast):
            try takeSnapshot(id, header, sequence, body.count - 8, isLast)
        }
    }

    private func takeEvents(
        _ id: CallID,
        _ header: FrameHeader,
        from first: UInt64,
        count: Int
    ) throws {
        try modify(id) { call in
            try require(call.bound?.channelID == header.id, "an event of another channel")
            try require(call.next == first && !call.isInSnapshot, "an event is lost")
            call.next = first + UInt64(count)
        }
    }

    private func takeSnapshot(
        _ id: CallID,
        _ header: FrameHeader,
        _ sequence: UInt64,
        _ byteCount: Int,
        _ isLast: Bool
    ) throws {
        try modify(id) { call in
            guard let bound = call.bound else {
                throw FuzzFinding(description: "a snapshot before BOUND")
            }
            try require(bound.channelID == header.id, "a snapshot of another channel")
            call.snapshotBytes += byteCount
            try require(call.snapshotBytes <= 1 << 20, "a snapshot without end")
            try require(
                sequence + 1 >= call.next ?? bound.firstSequence,
                "a snapshot of the past"
            )
            call.next = sequence + 1
            call.isInSnapshot = !isLast
            if isLast { call.snapshotBytes = 0 }
        }
    }

    private func modify(_ id: CallID, _ body: (inout Call) throws -> Void) throws {
        guard let index = calls.firstIndex(where: { $0.id == id }) else {
            throw FuzzFinding(description: "a frame for a call that is not there")
        }
        try body(&calls[index])
    }

    // MARK: - Time

    private func advance() throws {
        now = now + .milliseconds(program.choose(ConnectionTarget.steps))
        for _ in 0..<10 {
            switch connection.liveness.expire(at: now) {
            case nil: return
            case .ping: break
            case .idle: throw FuzzFinding(description: "a client is idle")
            case .dead, .violation:
                hasEnded = true
                return
            }
        }
        throw FuzzFinding(description: "there is no end to what is due")
    }

    // MARK: - Sending

    private func anyCall() -> Int? { program.index(below: calls.count) }

    private func check(
        _ sending: ClientConnection.Sending,
        _ type: FrameType
    ) throws -> CallID? {
        guard case .frame(let id, let header) = sending else { return nil }
        try require(
            header.type == type && header.id == id.slot,
            "another frame than was to be sent"
        )
        var bytes: [UInt8] = []
        bytes.append(header)
        _ = try sentReader.next(in: bytes.span.bytes)
        return id
    }

    private func makeCall() throws {
        let responses = program.choose([
            ClientConnection.ResponseKind.single, .stream, .channel,
        ])
        let choice = program.byte()
        let resume =
            responses == .channel && choice & 1 != 0
            ? CallHeader.Resume(epoch: 1, sequence: UInt64(program.byte())) : nil
        let isWhole = responses == .channel || choice & 2 != 0
        let sending = connection.call(
            CallHeader(
                method: 1,
                resume: resume,
                metadataByteCount: choice & 4 != 0 ? Int(program.byte()) << 8 : nil
            ),
            messageByteCount: isWhole ? Int(program.byte()) << 9 : nil,
            responses: responses
        )
        switch sending {
        case .frame:
            guard let id = try check(sending, .call) else { return }
            try require(!isGoingAway, "a call to a server that goes away")
            try require(seen.insert(id).inserted, "a call is made twice")
            try require(!calls.contains { $0.id.slot == id.slot }, "two calls are in one slot")
            calls.append(
                Call(
                    id: id,
                    responses: responses,
                    resume: resume,
                    sendsItems: !isWhole,
                    grantedBytes: UInt64(limits.initialCreditBytes)
                )
            )
        case .noFreeSlot: try require(calls.count == 64, "a slot is free")
        case .connectionIsClosing: try require(isGoingAway, "the server does not go away")
        case .tooLarge: break
        case .callHasEnded, .noCredit, .later:
            throw FuzzFinding(description: "a call is \(sending)")
        }
    }

    private func sendItem() throws {
        guard let index = anyCall() else { return }
        let byteCount = Int(program.byte()) << 9
        let sending = connection.item(calls[index].id, byteCount: byteCount)
        if try check(sending, .item) != nil {
            try require(calls[index].sendsItems, "an ITEM after the end")
        } else if sending == .callHasEnded {
            try require(!calls[index].sendsItems, "a call that sends has ended")
        }
    }

    private func endItems() throws {
        guard let index = anyCall() else { return }
        let sending = connection.endItems(calls[index].id)
        if try check(sending, .item) != nil {
            try require(calls[index].sendsItems, "items end twice")
            calls[index].sendsItems = false
        } else if sending == .callHasEnded {
            try require(!calls[index].sendsItems, "a call that sends has ended")
        }
    }

    private func cancel() throws {
        guard let index = anyCall() else { return }
        let sending = connection.cancel(calls[index].id, at: now)
        guard try check(sending, .cancel) != nil else {
            return try require(
                sending == .later || calls[index].isCancelled,
                "a call cannot be cancelled"
            )
        }
        try require(!calls[index].isCancelled, "a call is cancelled twice")
        calls[index].isCancelled = true
        calls[index].sendsItems = false
        try rationed.add(at: now)
    }

    private func giveCredit() throws {
        guard let index = anyCall() else { return }
        let limit = program.bool() ? program.number(byteCount: 8) : UInt64(program.byte()) << 13
        let before = calls[index].grantedBytes
        let sending = connection.credit(calls[index].id, limitBytes: limit, at: now)
        guard try check(sending, .credit) != nil else {
            return try require(sending == .later, "a call takes no credit")
        }
        calls[index].grantedBytes = max(before, limit)
        if limit < before || limit - before < 1_024 { try rationed.add(at: now) }
    }
}
