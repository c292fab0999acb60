import CabinetWire
import TestSupport
import Testing

/// Two correct ends that talk to each other at random: neither ever breaks a rule, every call gets
/// exactly one outcome, and bytes that are no conversation never do harm.
@Suite struct ConversationTests {
    /// What the client knows of a call.
    private struct ClientCall {
        let id: CallID
        let number: UInt64
        let sendsItems: Bool
    }

    /// The bytes in flight in one direction. A cut may fall anywhere.
    private struct Link {
        var bytes: [UInt8] = []

        mutating func send(_ header: FrameHeader, _ body: [UInt8]) {
            var output: [UInt8] = []
            withUnsafeBytes(of: header.word.bigEndian) { output += $0 }
            bytes += output + body
        }

        mutating func take(_ reader: FrameReader) throws -> (FrameHeader, [UInt8])? {
            guard case .frame(let header) = try reader.next(in: bytes.span.bytes) else {
                return nil
            }
            let end = FrameHeader.byteCount + header.bodyByteCount
            defer { bytes.removeFirst(end) }
            return (header, Array(bytes[FrameHeader.byteCount..<end]))
        }
    }

    @Test(arguments: 0..<40)
    func twoCorrectEndsNeverBreakARule(round: Int) throws {
        let seed = Seed.value
        var random = Seed.generator(UInt64(round))
        let now = Timestamp.seconds(1)
        var client = ClientConnection(at: now)
        var server = ServerConnection(at: now)
        var up = Link()
        var down = Link()
        var upReader = FrameReader(from: .client)
        var downReader = FrameReader(from: .server)
        upReader.maxBodyBytes = ConnectionLimits.default.maxFrameBytes
        downReader.maxBodyBytes = ConnectionLimits.default.maxFrameBytes
        up.send(FrameHeader(type: .hello, id: 0, bodyByteCount: 0), [])
        down.send(FrameHeader(type: .hello, id: 0, bodyByteCount: 0), [])

        var clientCalls: [ClientCall] = []
        var serverCalls: [(id: CallID, number: UInt64)] = []
        var made: UInt64 = 0
        var outcomes: [UInt64: Int] = [:]
        var clock = now

        func body(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

        func stepClient() {
            switch Int.random(in: 0..<5, using: &random) {
            case 0:
                let streams = Bool.random(using: &random)
                let header = CallHeader(
                    method: 1,
                    key: .init(high: 0, low: made),
                    metadataByteCount: Bool.random(using: &random) ? 3 : nil
                )
                let sending = client.call(
                    header,
                    messageByteCount: streams ? nil : 20,
                    responses: .stream
                )
                guard case .frame(let id, let frame) = sending else { return }
                clientCalls.append(ClientCall(id: id, number: made, sendsItems: streams))
                made += 1
                let head = bytes { header.write(to: &$0) }
                up.send(frame, head + body(frame.bodyByteCount - head.count))
            case 1, 2:
                guard let call = clientCalls.filter(\.sendsItems).randomElement(using: &random)
                else { return }
                let count = Int.random(in: 1...30_000, using: &random)
                if case .frame(_, let frame) = client.item(call.id, byteCount: count) {
                    up.send(frame, body(count))
                }
                if Int.random(in: 0..<4, using: &random) == 0,
                    case .frame(_, let frame) = client.endItems(call.id)
                {
                    up.send(frame, [])
                }
            case 3:
                guard let call = clientCalls.randomElement(using: &random) else { return }
                if case .frame(_, let frame) = client.cancel(call.id, at: clock) {
                    up.send(frame, [])
                }
            default:
                guard let call = clientCalls.randomElement(using: &random) else { return }
                let limit = UInt64.random(in: 131_072...900_000, using: &random)
                if case .frame(_, let frame) = client.credit(call.id, limitBytes: limit, at: clock)
                {
                    up.send(frame, bytes { SequenceBody.write(limit, to: &$0) })
                }
            }
        }

        func stepServer() {
            guard let call = serverCalls.randomElement(using: &random) else { return }
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                if case .frame(let frame) = server.status(call.id, byteCount: 2) {
                    down.send(frame, body(2))
                    server.written(call.id, at: clock)
                }
                serverCalls.removeAll { $0.id == call.id }
            case 1:
                let limit = UInt64.random(in: 131_072...900_000, using: &random)
                if case .frame(let frame) = server.credit(call.id, limitBytes: limit) {
                    down.send(frame, bytes { SequenceBody.write(limit, to: &$0) })
                }
            default:
                let count = Int.random(in: 0...30_000, using: &random)
                if case .frame(let frame) = server.item(call.id, byteCount: count) {
                    down.send(frame, body(count))
                }
            }
        }

        func deliverUp() throws {
            guard let (frame, body) = try up.take(upReader) else { return }
            switch try server.receive(frame, body: body.span.bytes, at: clock) {
            case .hello: server.acceptHello(limits: .default)
            case .call(let id, let header, _):
                serverCalls.append((id, header.key?.low ?? .max))
            default: break
            }
        }

        func deliverDown() throws {
            guard let (frame, body) = try down.take(downReader) else { return }
            switch try client.receive(frame, body: body.span.bytes, at: clock) {
            case .hello: _ = client.acceptHello(limits: .default)
            case .status(let id, _):
                guard let index = clientCalls.firstIndex(where: { $0.id == id }) else {
                    Issue.record("an outcome for an unknown call, seed \(seed)")
                    return
                }
                outcomes[clientCalls.remove(at: index).number, default: 0] += 1
            default: break
            }
        }

        do {
            for _ in 0..<2_000 {
                // Slow enough that small credits and cancellations stay within the budget.
                clock = clock + .milliseconds(50)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: stepClient()
                case 1: stepServer()
                case 2: try deliverUp()
                default: try deliverDown()
                }
            }
            // Both ends come to rest: everything is delivered, and every call ends.
            while !up.bytes.isEmpty || !down.bytes.isEmpty || !serverCalls.isEmpty {
                clock = clock + .milliseconds(50)
                try deliverUp()
                try deliverDown()
                if up.bytes.isEmpty, let call = serverCalls.popLast(),
                    case .frame(let frame) = server.status(call.id, byteCount: 2)
                {
                    down.send(frame, body(2))
                    server.written(call.id, at: clock)
                }
            }
        } catch {
            Issue.record("\(error), seed \(seed)")
        }
        check(client.callCount, 0)
        check(server.callCount, 0)
        #expect(outcomes.count == made, "seed \(seed)")
        #expect(outcomes.values.allSatisfy { $0 == 1 }, "seed \(seed)")
    }

    @Test(arguments: [Side.client, .server])
    func randomFramesNeverTrap(sender: Side) {
        let seed = Seed.value
        var random = Seed.generator(sender == .client ? 100 : 101)
        let allFlags = [0, 0, 1, 2, 0x20, 0xff] as [UInt8]
        var violations = 0
        for _ in 0..<3_000 {
            var server = ServerConnection(at: .seconds(0))
            var client = ClientConnection(at: .seconds(0))
            // Calls for the server's frames to refer to.
            for _ in 0..<4 {
                _ = client.call(
                    CallHeader(method: 1),
                    messageByteCount: 0,
                    responses: [.single, .stream, .channel].randomElement(using: &random) ?? .single
                )
            }
            let reader = FrameReader(from: sender)
            var isOpen = false
            for _ in 0..<40 {
                let types: [UInt8] = Array(1...0x0b) + Array(0x10...0x13)
                let count = [0, 8, 27, Int.random(in: 0...64, using: &random)].randomElement(
                    using: &random
                )!
                let frame = FrameHeader(
                    type: isOpen
                        ? FrameType(rawValue: types.randomElement(using: &random)!) : .hello,
                    flags: FrameFlags(rawValue: allFlags.randomElement(using: &random)!),
                    id: isOpen ? UInt32.random(in: 0...4, using: &random) : 0,
                    bodyByteCount: count
                )
                let body = (0..<count).map { _ in UInt8.random(in: 0...4, using: &random) }
                var whole: [UInt8] = []
                withUnsafeBytes(of: frame.word.bigEndian) { whole += $0 }
                whole += body
                do {
                    guard case .frame = try reader.next(in: whole.span.bytes) else { continue }
                    if sender == .client {
                        let received = try server.receive(
                            frame,
                            body: body.span.bytes,
                            at: .seconds(1)
                        )
                        if received == .hello { server.acceptHello(limits: .default) }
                    } else {
                        let received = try client.receive(
                            frame,
                            body: body.span.bytes,
                            at: .seconds(1)
                        )
                        if received == .hello { _ = client.acceptHello(limits: .default) }
                    }
                    isOpen = true
                } catch {
                    violations += 1
                    if isOpen { break }
                }
            }
        }
        #expect(violations > 1_000, "seed \(seed)")
    }
}
