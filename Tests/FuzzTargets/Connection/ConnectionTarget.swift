internal import CabinetWire

/// Drives the state machines of both ends. The first byte says how: a server whose client sends
/// anything at all, a client whose server does, or a correct client and a correct server.
enum ConnectionTarget {
    static func run(_ input: UnsafeRawBufferPointer) throws {
        var program = ProgramReader(input)
        switch program.byte() % 4 {
        case 0:
            let server = LonelyServer(program)
            try server.run()
        case 1:
            let client = LonelyClient(program)
            try client.run()
        default:
            let conversation = Conversation(program)
            try conversation.run()
        }
    }

    /// Limits that a HELLO may state.
    static let limits: [ConnectionLimits] =
        [
            .default,
            try? ConnectionLimits(statedFrameBytes: 131_072 - 8 - 1_024),
            try? ConnectionLimits(statedCalls: 65, statedSubscriptions: 17),
            try? ConnectionLimits(
                statedFrameBytes: FrameHeader.maxField,
                statedMetadataBytes: 65_535,
                statedCreditBytes: 1 << 30
            ),
        ].compactMap { $0 }

    /// Limits that anything at all is read as: five numbers, as long as there are some.
    static func statedLimits(_ body: [UInt8]) throws(ProtocolViolation) -> ConnectionLimits {
        var numbers = body[...]
        func next() -> UInt32 {
            defer { numbers = numbers.dropFirst(4) }
            return numbers.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
        }
        return try ConnectionLimits(
            statedCalls: next(),
            statedSubscriptions: next(),
            statedFrameBytes: next(),
            statedMetadataBytes: next(),
            statedCreditBytes: next()
        )
    }

    /// Bytes that a peer sends that is bound by nothing, but knows what frames look like.
    static func hostileBytes(_ program: inout ProgramReader) -> [UInt8] {
        if program.byte() & 3 == 0 { return program.bytes(Int(program.byte())) }
        let type = program.byte()
        let flags = program.byte()
        let id = UInt32(program.byte())
        let shape = program.byte()
        let body: [UInt8] =
            switch shape {
            case 250: numberBody(UInt64(program.byte()))
            case 251: numberBody(program.number(byteCount: 8))
            case 252: numberBody(UInt64(program.byte()) << 14) + [0]
            case 253: [UInt8](repeating: 0, count: Int(program.byte()) * 256)
            case 254: [UInt8](repeating: 0, count: 65_536 - Int(program.byte()))
            case 255: [0, 0, program.byte()] + numberBody(1) + numberBody(1) + numberBody(9)
            default: program.bytes(Int(shape % 48))
            }
        var frame: [UInt8] = []
        frame.append(
            FrameHeader(
                type: FrameType(rawValue: type),
                flags: FrameFlags(rawValue: flags),
                id: id,
                bodyByteCount: body.count
            )
        )
        return frame + body
    }

    /// Steps of time, in milliseconds: between them they reach every limit.
    static let steps: [UInt32] = [0, 1, 50, 400, 1_000, 2_000, 10_000, 20_000, 40_000, 300_000]
}

/// How many frames a side may have sent that it has to ration (rule 9.2), or made the other send
/// (rule 9.1).
struct RationedFrames {
    let burst: UInt64
    let perSecond: UInt64
    let begin: Timestamp
    private(set) var count: UInt64 = 0

    init(burst: UInt64, perSecond: UInt64, from begin: Timestamp) {
        self.burst = burst
        self.perSecond = perSecond
        self.begin = begin
    }

    mutating func add(at now: Timestamp) throws {
        count += 1
        let returned = now.since(begin).nanoseconds / (1_000_000_000 / perSecond)
        try require(count <= burst + returned, "more control frames than the budget has")
    }
}
