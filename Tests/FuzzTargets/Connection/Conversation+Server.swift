internal import CabinetWire

extension Conversation {
    /// How the server ends a call in error.
    enum Ending {
        case unavailable
        case notProcessed
    }

    // MARK: - Receiving

    func serverReceives(_ header: FrameHeader, _ body: [UInt8]) throws {
        switch try server.receive(header, body: body.span.bytes, at: now) {
        case .hello:
            server.acceptHello(limits: clientLimits)
            up.arrived.reader.maxBodyBytes = serverLimits.maxFrameBytes
        case .call(let id, let call, let isWhole):
            try require(!isDraining, "a draining server begins a call")
            let number = try begin(id, call, isWhole: isWhole)
            if calls[number].kind == .channel {
                let rest = body.dropFirst(call.byteCount + (call.metadataByteCount ?? 0))
                guard let channel = rest.first.map(Int.init), rest.count == 1 else {
                    throw FuzzFinding(description: "a CALL without its message")
                }
                try subscribe(number, to: channel, resume: call.resume)
            }
        case .refused(let id):
            try require(isDraining, "a call is refused without a reason")
            let number = begun
            begun += 1
            calls[number].serverID = id
            calls[number].isRefused = true
            served.append(number)
            try end(number, .notProcessed)
        case .item(let id, let isLast):
            let number = try number(id)
            try require(!calls[number].hasEndedItems, "an item after the end")
            try calls[number].requests.receive(body)
            try require(!isLast, "an item is the last that was not sent as such")
        case .endOfItems(let id):
            let number = try number(id)
            try require(!calls[number].hasEndedItems, "items end twice")
            calls[number].hasEndedItems = true
            try require(
                calls[number].requests.received == calls[number].requests.sent,
                "items end before they have come"
            )
        case .cancelled(let id): try abandon(id)
        case .creditRaised(let id): _ = try number(id)
        case .ping(let number):
            sendFromServer(
                FrameHeader(type: .pong, id: 0, bodyByteCount: 8),
                numberBody(number)
            )
            // As soon as it can.
            handOver()
        case .goAway, .nothing: break
        }
    }

    /// Calls begin in the order in which they were made.
    private func begin(_ id: CallID, _ header: CallHeader, isWhole: Bool) throws -> Int {
        let number = begun
        begun += 1
        try require(header.key == .init(high: 0, low: UInt64(number)), "another call than was made")
        try require(header.method == calls[number].kind.rawValue, "another method")
        try require(isWhole != calls[number].kind.streamsRequests, "another shape")
        try require(header.resume == calls[number].resume, "another place in the channel")
        calls[number].serverID = id
        served.append(number)
        return number
    }

    private func number(_ id: CallID) throws -> Int {
        guard let number = served.first(where: { calls[$0].serverID == id }) else {
            throw FuzzFinding(description: "a frame for a call that is not there")
        }
        return number
    }

    func abandon(_ id: CallID) throws {
        let number = try number(id)
        try require(!calls[number].isAbandoned, "a call is stopped twice")
        calls[number].isAbandoned = true
    }

    // MARK: - Sending

    private func anyCall() -> Int? {
        program.index(below: served.count).map { served[$0] }
    }

    func serverItem() throws {
        guard let number = anyCall() else { return }
        try sendResponse(number, byteCount: program.choose(Self.sizes))
    }

    /// - Returns: Whether it was sent.
    @discardableResult
    func sendResponse(_ number: Int, byteCount: Int) throws -> Bool {
        guard calls[number].kind.streamsResponses, let id = calls[number].serverID else {
            return false
        }
        switch server.item(id, byteCount: byteCount) {
        case .frame(let header):
            sendFromServer(header, itemBody(calls[number].responses.sent, byteCount: byteCount))
            calls[number].responses.send(byteCount)
            return true
        case .noCredit, .tooLarge: return false
        case let sending: throw FuzzFinding(description: "an item is \(sending)")
        }
    }

    func reply() throws {
        guard let number = anyCall(), let id = calls[number].serverID else { return }
        guard calls[number].kind.responses == .single else {
            return try end(number, .unavailable)
        }
        let byteCount = program.choose(Self.sizes)
        switch server.reply(id, byteCount: byteCount) {
        case .frame(let header):
            finish(number, id, header, .reply, byteCount)
        case .tooLarge:
            try require(byteCount > clientLimits.maxFrameBytes, "a reply is no longer than may be")
            try end(number, .unavailable)
        case let sending: throw FuzzFinding(description: "a reply is \(sending)")
        }
    }

    func endCall() throws {
        guard let number = anyCall() else { return }
        try end(number, program.bool() ? .unavailable : .notProcessed)
    }

    func end(_ number: Int, _ ending: Ending) throws {
        guard let id = calls[number].serverID else {
            throw FuzzFinding(description: "a call ends that has not begun")
        }
        let isNotProcessed = ending == .notProcessed
        let sending = server.status(id, byteCount: 2, isNotProcessed: isNotProcessed)
        guard case .frame(let header) = sending else {
            throw FuzzFinding(description: "a status is \(sending)")
        }
        finish(number, id, header, .status(isNotProcessed: isNotProcessed), 2)
        try require(server.status(id, byteCount: 2) == .callHasEnded, "a call has two outcomes")
    }

    private func finish(
        _ number: Int,
        _ id: CallID,
        _ header: FrameHeader,
        _ outcome: Call.Outcome,
        _ byteCount: Int
    ) {
        sendFromServer(header, [UInt8](repeating: 0, count: byteCount))
        calls[number].sentOutcome = outcome
        calls[number].subscriber = nil
        ending.append(id)
        served.removeAll { $0 == number }
    }
}
