internal import CabinetWire

/// What is on its way in one direction.
struct Link {
    private var bytes: [UInt8] = []
    private var offset = 0
    /// When the oldest of it was sent.
    private(set) var busySince: Timestamp?
    var arrived: ArrivedBytes

    init(from sender: Side) {
        arrived = ArrivedBytes(from: sender)
    }

    var byteCount: Int { bytes.count - offset }
    var isBusy: Bool { byteCount > 0 }

    mutating func send(_ header: FrameHeader, _ body: [UInt8], at now: Timestamp) {
        bytes.append(header)
        bytes += body
        busySince = busySince ?? now
    }

    mutating func send(_ more: [UInt8], at now: Timestamp) {
        guard !more.isEmpty else { return }
        bytes += more
        busySince = busySince ?? now
    }

    /// Lets some of it arrive.
    mutating func move(_ byteCount: Int) {
        let end = min(bytes.count, offset + byteCount)
        arrived.append(bytes[offset..<end])
        offset = end
        guard !isBusy else { return }
        bytes.removeAll(keepingCapacity: true)
        offset = 0
        busySince = nil
    }
}

extension Conversation {
    func deliver(toServer: Bool, _ byteCount: Int) throws {
        if toServer { up.move(byteCount) } else { down.move(byteCount) }
        try takeArrived()
    }

    func deliverAll() throws {
        while up.isBusy || down.isBusy {
            up.move(up.byteCount)
            try takeArrived()
            down.move(down.byteCount)
            try takeArrived()
        }
    }

    private func takeArrived() throws {
        while let (header, body) = try up.arrived.next() {
            server.liveness.received(at: now)
            try serverReceives(header, body)
            server.liveness.finishedFrame()
        }
        server.liveness.finishedReading(isIncomplete: up.arrived.isIncomplete, at: now)
        while let (header, body) = try down.arrived.next() {
            client.liveness.received(at: now)
            try clientReceives(header, body)
            client.liveness.finishedFrame()
        }
        client.liveness.finishedReading(isIncomplete: down.arrived.isIncomplete, at: now)
    }

    /// Lets time pass. What is on its way is never older than a second.
    func advance() throws {
        let step = Interval.milliseconds(program.choose(ConnectionTarget.steps))
        let age = [up.busySince, down.busySince].compactMap { $0 }.map { now.since($0) }.max()
        if let age, age.nanoseconds + step.nanoseconds > Interval.seconds(1).nanoseconds {
            try deliverAll()
        }
        now = now + step
        try expireClient()
        try expireServer()
    }

    private func expireClient() throws {
        for _ in 0..<10 {
            switch client.liveness.expire(at: now) {
            case nil: return
            case .ping(let number):
                up.send(
                    FrameHeader(type: .ping, id: 0, bodyByteCount: 8),
                    numberBody(number),
                    at: now
                )
            case let expiry:
                throw FuzzFinding(description: "the client says \(String(describing: expiry))")
            }
        }
        throw FuzzFinding(description: "there is no end to what is due")
    }

    private func expireServer() throws {
        for _ in 0..<10 {
            switch server.expire(at: now) {
            case nil: return
            case .liveness(.ping(let number)):
                sendFromServer(
                    FrameHeader(type: .ping, id: 0, bodyByteCount: 8),
                    numberBody(number)
                )
                handOver()
            case .liveness(.idle):
                try require(served.isEmpty, "a connection with calls is idle")
                hasEnded = true
                return
            case .deadlineExceeded(let ids):
                for id in ids { try abandon(id) }
            case let expiry:
                throw FuzzFinding(description: "the server says \(String(describing: expiry))")
            }
        }
        throw FuzzFinding(description: "there is no end to what is due")
    }

    /// The server hands what it has sent to the transport: slots are free from here on.
    func handOver() {
        down.send(serverOutput, at: now)
        serverOutput = []
        for id in ending { server.written(id, at: now) }
        ending = []
    }

    func sendFromServer(_ header: FrameHeader, _ body: [UInt8]) {
        serverOutput.append(header)
        serverOutput += body
    }

    /// The body of an item, which says in its first bytes which it is.
    func itemBody(_ number: UInt64, byteCount: Int) -> [UInt8] {
        var body = [UInt8](repeating: 0, count: byteCount)
        if byteCount >= 8 { body.replaceSubrange(0..<8, with: numberBody(number)) }
        return body
    }
}
