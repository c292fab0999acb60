import CabinetAPI
import CabinetRPC
import CabinetTLS
import CabinetWire
import NIOCore

/// A connection of a follower: it subscribes, and checks that nothing is missing.
final class FollowerConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The server has left something out, or sent what nobody asked for.
    struct BrokenWord: Error, CustomStringConvertible {
        let description: String
    }

    /// Stands between TLS and the socket, to end the connection without a word.
    final class SocketEnd: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer

        private var context: ChannelHandlerContext?

        func handlerAdded(context: ChannelHandlerContext) { self.context = context }

        func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

        func close() { context?.close(promise: nil) }
    }

    /// HELLO with the version 1.
    private static let hello: [UInt8] = [0x0a, 0x01, 0x01]
    private static let slot: UInt32 = 1

    private let follower: Follower
    private let request: [UInt8]
    private let resume: CallHeader.Resume?
    let socketEnd = SocketEnd()
    private var context: ChannelHandlerContext?
    private var reader = FrameReader(from: .server)
    private var input = ByteBuffer()
    private var epoch: UInt64?
    /// What it has to have before it has all that there was.
    private var newest: UInt64?
    private var sequence: UInt64?
    /// Why it ends, as far as the server says it.
    private var end: String?

    init(_ follower: Follower, request: [UInt8], after resume: CallHeader.Resume?) {
        self.follower = follower
        self.request = request
        self.resume = resume
    }

    // MARK: - The channel

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelInactive(context: ChannelHandlerContext) {
        follower.ended(self, end)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end = "\(error)"
        // The channel is closed after it; a connection may end without a word here.
        if !(error is TLSError) { context.close(promise: nil) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? TLSHandshakeCompleted else { return }
        follower.connected(isResumed: event.isResumed)
        if !follower.isReading { setReading(false) }
        subscribe(context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        if input.readableBytes > 0 {
            input.writeBuffer(&bytes)
            bytes = input
        }
        var taken = 0
        do {
            let span = bytes.readableBytesSpan
            while let byteCount = try readFrame(span.extracting(taken...), context) {
                taken += byteCount
            }
        } catch {
            follower.found(error)
            context.close(promise: nil)
        }
        bytes.moveReaderIndex(forwardBy: taken)
        input = bytes.readableBytes > 0 ? bytes : ByteBuffer()
    }

    // MARK: - From the follower

    /// Ends the connection without close_notify, as a network does.
    func cut() { socketEnd.close() }

    func setReading(_ isReading: Bool) {
        context?.channel.setOption(.autoRead, value: isReading).whenComplete { _ in }
    }

    // MARK: - Frames

    private func subscribe(_ context: ChannelHandlerContext) {
        let call = CallHeader(
            method: LiveService.Methods.followMeeting.description.number,
            resume: resume
        )
        var output = ByteBuffer()
        output.writeInteger(FrameHeader(type: .hello, id: 0, bodyByteCount: Self.hello.count).word)
        output.writeBytes(Self.hello)
        let header = FrameHeader(
            type: .call,
            flags: call.flags.union(.end),
            id: Self.slot,
            bodyByteCount: call.byteCount + request.count
        )
        output.writeInteger(header.word)
        output.writeWithOutputRawSpan(minimumWritableBytes: call.byteCount) { call.write(to: &$0) }
        output.writeBytes(request)
        context.writeAndFlush(wrapOutboundOut(output), promise: nil)
    }

    /// - Returns: The bytes of the frame; `nil` where there is no whole one.
    private func readFrame(_ bytes: RawSpan, _ context: ChannelHandlerContext) throws -> Int? {
        guard case .frame(let header) = try reader.next(in: bytes) else { return nil }
        let byteCount = FrameHeader.byteCount + header.bodyByteCount
        try take(header, bytes.extracting(FrameHeader.byteCount..<byteCount), context)
        return byteCount
    }

    private func take(
        _ header: FrameHeader,
        _ body: RawSpan,
        _ context: ChannelHandlerContext
    ) throws {
        switch header.type {
        case .hello:
            reader.maxBodyBytes = ConnectionLimits.default.maxFrameBytes
        case .bound:
            try bind(try BoundBody(body))
        case .event:
            try take(eventsFrom: SequenceBody.read(body), count: 1)
        case .batch:
            let batch = try BatchBody(body)
            try take(eventsFrom: batch.firstSequence, count: UInt64(batch.messages.count))
        case .snapshot:
            if !header.flags.contains(.more) { try take(snapshot: SequenceBody.read(body)) }
        case .mark:
            guard try SequenceBody.read(body) == sequence else {
                throw BrokenWord(description: "a MARK of an event that has not come")
            }
        case .ping:
            var pong = ByteBuffer()
            pong.writeInteger(
                FrameHeader(type: .pong, id: 0, bodyByteCount: SequenceBody.byteCount).word
            )
            pong.writeInteger(try SequenceBody.read(body))
            context.writeAndFlush(wrapOutboundOut(pong), promise: nil)
        case .status:
            // It subscribes again on a new connection.
            let code = Self.code(ofStatus: body)
            end = "\(code)"
            if code == .outOfRange { follower.placeIsStale() }
            context.close(promise: nil)
        default:
            break
        }
    }

    private func bind(_ bound: BoundBody) throws {
        epoch = bound.epoch
        newest = bound.nextSequence - 1
        guard let resume else { return }
        guard resume.epoch == bound.epoch else {
            throw BrokenWord(description: "a subscription to another history")
        }
        sequence = resume.sequence
        checkWhetherLive()
    }

    private func take(eventsFrom first: UInt64, count: UInt64) throws {
        guard let sequence, first == sequence + 1, count > 0 else {
            throw BrokenWord(
                description: "after \(sequence.map(String.init) ?? "nothing") came \(first)"
            )
        }
        self.sequence = sequence + count
        follower.arrived(from: first, place(sequence + count))
        checkWhetherLive()
    }

    private func take(snapshot sequence: UInt64) throws {
        guard sequence >= self.sequence ?? 0, sequence < .max else {
            throw BrokenWord(description: "a snapshot of the past, or of no time at all")
        }
        self.sequence = sequence
        follower.tookSnapshot(place(sequence))
        checkWhetherLive()
    }

    /// The code of a STATUS, which is its first field.
    private static func code(ofStatus body: RawSpan) -> Code {
        guard body.byteCount >= 2, body.unsafeLoad(as: UInt8.self) == 0x08 else { return .ok }
        return Code(rawValue: Int32(body.unsafeLoad(fromByteOffset: 1, as: UInt8.self)))
    }

    private func place(_ sequence: UInt64) -> CallHeader.Resume {
        CallHeader.Resume(epoch: epoch ?? 0, sequence: sequence)
    }

    private func checkWhetherLive() {
        guard let newest, let sequence, sequence >= newest else { return }
        self.newest = nil
        follower.becameLive()
    }
}
