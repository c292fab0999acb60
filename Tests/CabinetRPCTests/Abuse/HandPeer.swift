import CabinetAPI
import CabinetCodec
import CabinetRPC
import CabinetWire
import FixtureAPI
import NIOCore

/// A client that speaks the protocol by hand, right or wrong, within the process.
final class HandPeer {
    /// A frame that has arrived.
    struct Frame {
        let header: FrameHeader
        let body: [UInt8]

        func message<M: Message>(_ type: M.Type = M.self) throws -> M { try M(serialized: body) }
    }

    private let pipe: InProcessPipe
    private var reader = FrameReader(from: .server)
    private var input = ByteBuffer()
    /// What has arrived and was not taken.
    private var frames: [Frame] = []
    private(set) var receivedBytes = 0
    private(set) var isClosed = false
    /// Why the server ends the connection.
    private(set) var goAway: GoAway?

    init(_ pipe: InProcessPipe) {
        self.pipe = pipe
        reader.maxBodyBytes = Int(FrameHeader.maxField)
        pipe.attach(
            onBytes: { [weak self] bytes in self?.receive(bytes) },
            onClosed: { [weak self] in self?.isClosed = true }
        )
    }

    private func receive(_ bytes: ByteBuffer) {
        receivedBytes += bytes.readableBytes
        input.writeImmutableBuffer(bytes)
        while case .frame(let header)? = try? reader.next(in: input.readableBytesSpan) {
            input.moveReaderIndex(forwardBy: FrameHeader.byteCount)
            let body = input.readBytes(length: header.bodyByteCount) ?? []
            if header.type == .goAway { goAway = try? GoAway(serialized: body) }
            frames.append(Frame(header: header, body: body))
        }
        input.discardReadBytes()
    }

    /// Takes the frames of a type that have arrived.
    func take(_ type: FrameType) -> [Frame] {
        take { $0 == type }
    }

    /// Takes the frames of some types that have arrived, in their order.
    func take(_ isWanted: (FrameType) -> Bool) -> [Frame] {
        let taken = frames.filter { isWanted($0.header.type) }
        frames.removeAll { isWanted($0.header.type) }
        return taken
    }

    /// Takes the events that have arrived, and counts them.
    var eventCount: Int {
        take(.event).count
            + take(.batch).reduce(0) { $0 + Int($1.body[8]) << 8 + Int($1.body[9]) }
    }

    // MARK: - Sending

    func send(_ bytes: [UInt8]) {
        pipe.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    func send(
        _ type: FrameType,
        _ flags: FrameFlags = [],
        id: UInt32 = 0,
        _ body: [UInt8] = []
    ) {
        send(Self.frame(type, flags, id: id, body))
    }

    func hello(_ hello: Hello = Hello(versions: [1])) {
        send(.hello, id: 0, hello.serialized())
    }

    /// Calls a method with one request.
    func call(
        _ method: some MethodDescriptor,
        slot: UInt32,
        _ request: (any Message)? = nil,
        timeoutMicroseconds: UInt32 = 0,
        metadata: [UInt8]? = nil,
        resumingAfter token: ResumeToken? = nil
    ) {
        var flags: FrameFlags = request == nil ? [] : .end
        if metadata != nil { flags.insert(.metadata) }
        let number = method.description.number
        var body = [UInt8(number >> 8), UInt8(truncatingIfNeeded: number)]
        body += Self.bytes(UInt64(timeoutMicroseconds)).suffix(4)
        if let token {
            flags.insert(.resume)
            body += Self.bytes(token.epoch) + Self.bytes(token.sequence)
        }
        if let metadata {
            body += [UInt8(metadata.count >> 8), UInt8(truncatingIfNeeded: metadata.count)]
            body += metadata
        }
        send(.call, flags, id: slot, body + (request?.serialized() ?? []))
    }

    /// Subscribes to a channel of which it knows the beginning, so that it needs no snapshot: those are
    /// made in tasks on other threads than the test's.
    func follow(slot: UInt32) {
        call(
            EverythingService.Methods.follow,
            slot: slot,
            Empty(),
            resumingAfter: ResumeToken(epoch: 1, sequence: 0)
        )
    }

    func credit(slot: UInt32, _ limitBytes: UInt64) {
        send(.credit, id: slot, Self.bytes(limitBytes))
    }

    /// Sends a request of a stream.
    func item(slot: UInt32, _ request: some Message) {
        send(.item, id: slot, request.serialized())
    }

    static func bytes(_ number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
    }

    /// A frame of the connection.
    static func frame(_ type: FrameType, _ body: [UInt8]) -> [UInt8] {
        frame(type, id: 0, body)
    }

    static func frame(
        _ type: FrameType,
        _ flags: FrameFlags = [],
        id: UInt32,
        _ body: [UInt8]
    ) -> [UInt8] {
        bytes(FrameHeader(type: type, flags: flags, id: id, bodyByteCount: body.count).word) + body
    }

    // MARK: - The connection

    /// Takes nothing from now on, or takes again.
    func stall(_ isStalled: Bool) {
        pipe.stall(isStalled)
    }

    func close() {
        pipe.close()
    }
}
