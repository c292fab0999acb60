internal import CabinetWire

extension Conversation {
    // MARK: - Sending

    private func anyCall() -> Int? {
        program.index(below: open.count).map { open[$0] }
    }

    private func send(_ header: FrameHeader, _ body: [UInt8]) {
        up.send(header, body, at: now)
    }

    func makeCall() throws {
        if hasClientLeft { return }
        let kind = CallKind.allCases[Int(program.byte()) % CallKind.allCases.count]
        let choice = program.byte()
        let channel = Int(choice) % channels.count
        var resume: CallHeader.Resume?
        if kind == .channel {
            switch choice >> 4 & 3 {
            case 0: resume = tokens[channel]
            case 1: resume = .init(epoch: channels[channel].epoch, sequence: UInt64(choice))
            default: break
            }
        }
        let header = CallHeader(
            method: kind.rawValue,
            timeoutMicroseconds: choice & 0x80 != 0 ? UInt32(program.byte()) * 10_000 + 1 : 0,
            key: .init(high: 0, low: UInt64(calls.count)),
            trace: choice & 4 != 0
                ? .init(traceID: .init(high: 1, low: 2), parentID: 3, flags: 1) : nil,
            resume: resume,
            metadataByteCount: choice & 8 != 0 ? 5 : nil
        )
        let message: Int? = kind.streamsRequests ? nil : 1
        let sending = client.call(header, messageByteCount: message, responses: kind.responses)
        switch sending {
        case .frame(let id, let frame):
            try require(!knowsOfDrain, "a call after GOAWAY")
            var body = written(byteCount: header.byteCount) { header.write(to: &$0) }
            if header.metadataByteCount != nil { body += [1, 2, 3, 4, 5] }
            if message != nil { body.append(UInt8(channel)) }
            send(frame, body)
            open.append(calls.count)
            calls.append(
                Call(
                    clientID: id,
                    kind: kind,
                    resume: resume,
                    sendsItems: kind.streamsRequests,
                    requests: Items(serverLimits),
                    responses: Items(clientLimits)
                )
            )
        case .noFreeSlot:
            try require(open.count == 64, "a slot is free")
        case .connectionIsClosing:
            try require(knowsOfDrain, "the server does not go away")
        default:
            throw FuzzFinding(description: "a call is \(sending)")
        }
    }

    func clientItem() throws {
        guard let number = anyCall() else { return }
        try sendRequest(number, byteCount: program.choose(Self.sizes))
    }

    /// - Returns: Whether it was sent.
    @discardableResult
    func sendRequest(_ number: Int, byteCount: Int) throws -> Bool {
        let sending = client.item(calls[number].clientID, byteCount: byteCount)
        guard case .frame(_, let header) = sending else {
            try require(
                sending != .callHasEnded || !calls[number].sendsItems,
                "a call that sends has ended"
            )
            return false
        }
        send(header, itemBody(calls[number].requests.sent, byteCount: byteCount))
        calls[number].requests.send(byteCount)
        return true
    }

    /// Enough for the default credit, in items of 1 KiB.
    private static let maxExchangedItems = 130
    /// Long programs are to be fast, too.
    private static let maxExchanges = 2

    /// A call has as many items as the credit lets it, all arrive and are consumed, and then all the
    /// credit for them arrives.
    func exchange(rounds: Int) throws {
        guard let number = anyCall(), served.contains(number), exchanges < Self.maxExchanges else {
            return
        }
        exchanges += 1
        let longest = program.choose([65_528, 1_016, 16_000])
        let isDownwards =
            calls[number].kind == .bidirectional
            ? program.bool() : calls[number].kind == .serverStreaming
        for round in 1...rounds {
            if isDownwards {
                for _ in 0..<Self.maxExchangedItems {
                    guard let byteCount = calls[number].responses.longest(longest),
                        try sendResponse(number, byteCount: byteCount)
                    else { break }
                }
            } else {
                for _ in 0..<Self.maxExchangedItems {
                    guard let byteCount = calls[number].requests.longest(longest),
                        try sendRequest(number, byteCount: byteCount)
                    else { break }
                }
            }
            // The last credit may be left to what the program does next.
            if round == rounds, program.bool() { return }
            handOver()
            try deliverAll()
            guard served.contains(number) else { return }
            try consume(number, atClient: isDownwards, all: true)
            handOver()
            try deliverAll()
        }
    }

    func endItems() throws {
        guard let number = anyCall() else { return }
        guard case .frame(_, let header) = client.endItems(calls[number].clientID) else { return }
        try require(calls[number].sendsItems, "items end twice")
        send(header, [])
        calls[number].sendsItems = false
    }

    func cancel() throws {
        guard let number = anyCall() else { return }
        guard case .frame(_, let header) = client.cancel(calls[number].clientID, at: now) else {
            return
        }
        try require(!calls[number].isCancelled, "a call is cancelled twice")
        send(header, [])
        calls[number].isCancelled = true
        calls[number].sendsItems = false
    }

    /// Gives credit that nothing calls for: as much as the client may.
    func raiseCredit() throws {
        guard let number = anyCall() else { return }
        let more = program.choose([1, 1_023, 1_024, 10_000, 1_000_000] as [UInt64])
        let limit = calls[number].responses.limitBytes + more
        let sending = client.credit(calls[number].clientID, limitBytes: limit, at: now)
        guard case .frame(_, let header) = sending else { return }
        calls[number].responses.limitBytes = limit
        calls[number].responses.isExtravagant = true
        send(header, numberBody(limit))
    }

    func consume(atClient: Bool) throws {
        let numbers = atClient ? open : served
        guard let index = program.index(below: numbers.count) else { return }
        try consume(numbers[index], atClient: atClient, all: program.bool())
    }

    func consume(_ number: Int, atClient: Bool, all: Bool) throws {
        repeat {
            if atClient {
                guard
                    let limit = calls[number].responses.consume(
                        clientLimits,
                        step: creditStep
                    )
                else { continue }
                let sending = client.credit(calls[number].clientID, limitBytes: limit, at: now)
                guard case .frame(_, let header) = sending else {
                    try require(
                        calls[number].responses.isExtravagant,
                        "credit for what was consumed is \(sending)"
                    )
                    continue
                }
                calls[number].responses.limitBytes = limit
                send(header, numberBody(limit))
            } else {
                guard
                    let limit = calls[number].requests.consume(
                        serverLimits,
                        step: creditStep
                    ),
                    let id = calls[number].serverID
                else { continue }
                guard case .frame(let header) = server.credit(id, limitBytes: limit) else {
                    throw FuzzFinding(description: "a call that is running takes no credit")
                }
                calls[number].requests.limitBytes = limit
                sendFromServer(header, numberBody(limit))
            }
        } while all
            && !(atClient ? calls[number].responses : calls[number].requests).waitingBytes.isEmpty
    }

    // MARK: - Receiving

    func clientReceives(_ header: FrameHeader, _ body: [UInt8]) throws {
        switch try client.receive(header, body: body.span.bytes, at: now) {
        case .hello:
            _ = client.acceptHello(limits: serverLimits)
            down.arrived.reader.maxBodyBytes = clientLimits.maxFrameBytes
        case .reply(let id): try take(.reply, id)
        case .status(let id, let isNotProcessed):
            try take(.status(isNotProcessed: isNotProcessed), id)
        case .item(let id): try calls[number(id)].responses.receive(body)
        case .bound(let id, let bound):
            let number = try number(id)
            guard let channel = calls[number].channel else {
                throw FuzzFinding(description: "BOUND to no channel")
            }
            try require(bound.channelID == channels[channel].id, "BOUND to another channel")
            calls[number].next = calls[number].resume.map { $0.sequence + 1 }
        case .event(let id, let sequence): try clientTakes(from: sequence, count: 1, id)
        case .batch(let id, let batch):
            try clientTakes(from: batch.firstSequence, count: batch.messages.count, id)
        case .mark(let id, let sequence):
            try require(calls[number(id)].next == sequence + 1, "MARK of what was not seen")
        case .snapshot(let id, let sequence, let isLast):
            if isLast { try setPlace(sequence + 1, id) }
        case .ping(let number):
            send(FrameHeader(type: .pong, id: 0, bodyByteCount: 8), numberBody(number))
        case .goAway: knowsOfDrain = true
        case .creditRaised, .nothing: break
        }
    }

    private func number(_ id: CallID) throws -> Int {
        guard let number = open.first(where: { calls[$0].clientID == id }) else {
            throw FuzzFinding(description: "a frame for a call that is not there")
        }
        return number
    }

    private func take(_ outcome: Call.Outcome, _ id: CallID) throws {
        let number = try number(id)
        try require(calls[number].sentOutcome == outcome, "another outcome than was sent")
        calls[number].outcome = outcome
        calls[number].sendsItems = false
        open.removeAll { $0 == number }
    }

    private func clientTakes(from first: UInt64, count: Int, _ id: CallID) throws {
        try require(calls[number(id)].next == first, "an event is lost")
        try setPlace(first + UInt64(count), id)
    }

    private func setPlace(_ next: UInt64, _ id: CallID) throws {
        let number = try number(id)
        calls[number].next = next
        guard let channel = calls[number].channel else { return }
        tokens[channel] = .init(epoch: channels[channel].epoch, sequence: next - 1)
    }

    // MARK: - The end

    /// Now and then the server drains, or the client says that it is going.
    func leaveOrDrain() throws {
        let header = FrameHeader(type: .goAway, id: 0, bodyByteCount: 0)
        switch program.byte() {
        case 0 where !isDraining:
            server.drain()
            isDraining = true
            sendFromServer(header, [])
            for number in served where calls[number].subscriber != nil {
                try end(number, .unavailable)
            }
        case 1 where !hasClientLeft:
            hasClientLeft = true
            send(header, [])
        default: break
        }
    }
}
