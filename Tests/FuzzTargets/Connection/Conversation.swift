internal import CabinetWire

/// A correct client and a correct server, which the input tells what to do, and a network that cuts
/// and delays what they say, by no more than a second.
///
/// Neither ever finds a mistake in the other, and what one has sent is what the other gets: every
/// call ends once, every item arrives in its order, no event is lost.
final class Conversation {
    var program: ProgramReader
    var now = Timestamp(nanoseconds: 1 << 40)
    let clientLimits: ConnectionLimits
    let serverLimits: ConnectionLimits
    /// The bytes for which each gives back credit at once; `nil` for half its window. It may not be
    /// less (rule 9.1).
    let creditStep: UInt64?

    var client: ClientConnection
    var server: ServerConnection
    var up = Link(from: .client)
    var down = Link(from: .server)

    /// The calls that were made, by their numbers, which they carry as keys.
    var calls: [Call] = []
    /// The numbers of the calls that have not ended for the client.
    var open: [Int] = []
    /// The numbers of the calls that the server has begun and given no outcome.
    var served: [Int] = []
    /// What the server has to hand to the transport.
    var serverOutput: [UInt8] = []
    /// The calls whose outcome is in ``serverOutput``.
    var ending: [CallID] = []
    var begun = 0
    var exchanges = 0

    var channels = [
        Channel(id: 1, epoch: 1, first: 1, next: 1),
        Channel(id: 2, epoch: 7, first: 3, next: 6),
        Channel(id: FrameHeader.maxField, epoch: .max, first: 1 << 40, next: 1 << 40),
    ]
    /// What the client could resume each channel after.
    var tokens: [CallHeader.Resume?] = [nil, nil, nil]

    var isDraining = false
    var hasClientLeft = false
    var knowsOfDrain = false
    var hasEnded = false

    init(_ program: ProgramReader) {
        self.program = program
        clientLimits = self.program.choose(ConnectionTarget.limits)
        serverLimits = self.program.choose(ConnectionTarget.limits)
        creditStep = self.program.choose([nil, 1_024])
        client = ClientConnection(limits: clientLimits, at: now)
        server = ServerConnection(limits: serverLimits, at: now)
        // Each knows the other's limits from elsewhere: a HELLO is empty here.
        let hello = FrameHeader(type: .hello, id: 0, bodyByteCount: 0)
        up.send(hello, [], at: now)
        down.send(hello, [], at: now)
    }

    func run() throws {
        while !program.isAtEnd, !hasEnded {
            try step()
            try require(client.callCount == open.count, "the client's calls are others")
            try require(
                server.callCount == served.count + ending.count,
                "the server's calls are others"
            )
        }
        if hasEnded {
            let forgotten = Set(client.close())
            try require(
                forgotten == Set(open.map { calls[$0].clientID }),
                "a closed connection names other calls"
            )
            let stopped = Set(server.close())
            try require(
                stopped == Set(served.compactMap { calls[$0].serverID }),
                "a closed connection stops other calls"
            )
        } else {
            try comeToRest()
        }
    }

    private func step() throws {
        switch program.byte() % 22 {
        case 0, 1: try makeCall()
        case 2: try clientItem()
        case 3: try endItems()
        case 4: try cancel()
        case 5: try consume(atClient: true)
        case 6: try raiseCredit()
        case 7: try reply()
        case 8: try serverItem()
        case 9: try consume(atClient: false)
        case 10: handOver()
        case 11: try endCall()
        case 12: publish()
        case 13: try catchUp()
        case 14: try mark()
        case 15: trim()
        case 16: try advance()
        case 17: try deliver(toServer: true, Int(program.byte()) * 7 + 1)
        case 18: try deliver(toServer: false, Int(program.byte()) * 7 + 1)
        case 19: try exchange(rounds: 1)
        case 20: try exchange(rounds: 3)
        default: try leaveOrDrain()
        }
    }

    /// Sizes of messages, to both sides of where something changes.
    static let sizes = [0, 8, 9, 100, 1_008, 1_016, 1_017, 4_000, 16_384, 65_528, 65_536, 65_537]

    // MARK: - The end

    /// The server ends every call, and everything is delivered.
    private func comeToRest() throws {
        try settle()
        for number in open { try checkThatItemsMayBeSent(number) }
        while let number = served.last { try end(number, .unavailable) }
        try settle()
        try require(client.callCount == 0 && server.callCount == 0, "a call has no end")
        for (number, call) in calls.enumerated() {
            try require(call.outcome != nil, "the call \(number) has no outcome")
            try require(
                call.responses.received == call.responses.sent,
                "responses of the call \(number) are lost"
            )
        }
    }

    /// Everything that is on its way arrives, and everything that has arrived is consumed.
    private func settle() throws {
        repeat {
            try deliverAll()
            for number in open { try consume(number, atClient: true, all: true) }
            for number in served { try consume(number, atClient: false, all: true) }
            handOver()
        } while up.isBusy || down.isBusy
    }

    /// Whoever has consumed all has given credit for the longest item (rule 4.5).
    private func checkThatItemsMayBeSent(_ number: Int) throws {
        let call = calls[number]
        if call.sendsItems, call.serverID != nil, !call.isAbandoned, !call.isRefused {
            let limit = serverLimits.maxFrameBytes
            if case .noCredit = client.item(call.clientID, byteCount: limit) {
                throw FuzzFinding(description: "a client waits for credit without end")
            }
        }
        if call.kind.streamsResponses, !call.responses.isExtravagant, served.contains(number),
            let id = call.serverID
        {
            if case .noCredit = server.item(id, byteCount: clientLimits.maxFrameBytes) {
                throw FuzzFinding(description: "a server waits for credit without end")
            }
        }
    }
}

/// The shapes of calls: the numbers of the methods.
enum CallKind: UInt16, CaseIterable {
    case unary = 1
    case serverStreaming
    case clientStreaming
    case bidirectional
    case channel

    var streamsRequests: Bool { self == .clientStreaming || self == .bidirectional }
    var streamsResponses: Bool { self == .serverStreaming || self == .bidirectional }

    var responses: ClientConnection.ResponseKind {
        switch self {
        case .unary, .clientStreaming: .single
        case .serverStreaming, .bidirectional: .stream
        case .channel: .channel
        }
    }
}

/// The items of a call in one direction, as both ends see them together.
struct Items {
    var sent: UInt64 = 0
    var sentBytes: UInt64 = 0
    var received: UInt64 = 0
    var receivedBytes: UInt64 = 0
    /// What has arrived and was not consumed.
    var waitingBytes: [UInt64] = []
    var consumedBytes: UInt64 = 0
    var limitBytes: UInt64
    /// Whether credit was given that nothing was consumed for.
    var isExtravagant = false

    init(_ limits: ConnectionLimits) {
        limitBytes = UInt64(limits.initialCreditBytes)
    }

    /// The longest item of at most `byteCount` bytes that the credit is enough for.
    func longest(_ byteCount: Int) -> Int? {
        guard limitBytes >= sentBytes + UInt64(FrameHeader.byteCount) else { return nil }
        return Int(min(limitBytes - sentBytes - UInt64(FrameHeader.byteCount), UInt64(byteCount)))
    }

    mutating func send(_ byteCount: Int) {
        sent += 1
        sentBytes += UInt64(byteCount + FrameHeader.byteCount)
    }

    /// An item has arrived: it says in its first bytes which it is, if it is long enough.
    mutating func receive(_ body: [UInt8]) throws {
        if body.count >= 8 {
            try require(
                body.prefix(8)[...] == numberBody(received)[...],
                "an item out of its order"
            )
        }
        received += 1
        receivedBytes += UInt64(body.count + FrameHeader.byteCount)
        waitingBytes.append(UInt64(body.count + FrameHeader.byteCount))
    }

    /// Consumes an item.
    ///
    /// - Parameter step: The bytes for which credit is given at once; half a window where it is `nil`.
    /// - Returns: The credit to be given, at the latest when the longest item could not be sent.
    mutating func consume(_ limits: ConnectionLimits, step: UInt64?) -> UInt64? {
        guard !waitingBytes.isEmpty else { return nil }
        consumedBytes += waitingBytes.removeFirst()
        let window = UInt64(limits.initialCreditBytes)
        let frame = UInt64(limits.maxFrameBytes + FrameHeader.byteCount)
        let newLimit = consumedBytes + window
        guard newLimit > limitBytes else { return nil }
        let isEmpty = consumedBytes == receivedBytes
        guard
            newLimit - limitBytes >= step ?? window / 2
                || isEmpty && limitBytes - receivedBytes < frame
        else { return nil }
        return newLimit
    }
}

/// A call, as both ends see it together.
struct Call {
    enum Outcome: Equatable {
        case reply
        case status(isNotProcessed: Bool)
    }

    let clientID: CallID
    let kind: CallKind
    var serverID: CallID?
    var resume: CallHeader.Resume?
    var channel: Int?
    var sendsItems: Bool
    var isRefused = false
    /// Whether the server was told to stop working on it.
    var isAbandoned = false
    var isCancelled = false
    var hasEndedItems = false
    var requests: Items
    var responses: Items
    /// What the server has sent.
    var sentOutcome: Outcome?
    /// What the client has got.
    var outcome: Outcome?
    var subscriber: Subscriber?
    /// The client's place in the channel.
    var next: UInt64?
}
