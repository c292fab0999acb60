internal import CabinetCodec
internal import CabinetWire
internal import NIOCore

/// The frames that wait to be written: one buffer, which becomes one write.
///
/// It is bounded by what fills it: outcomes by the slots, streams by ``pauseBytes``, channels by the
/// same, and control frames by the peer's budget for making us send them.
struct FrameOutput {
    /// With so much waiting, streams wait too.
    static let pauseBytes = 65_536

    private var buffer = ByteBuffer()

    var byteCount: Int { buffer.readableBytes }

    /// Makes room in a buffer of the loop's, before the first frame.
    private mutating func prepare(_ loop: LoopContext) {
        if buffer.readableBytes == 0 { buffer = loop.takeBuffer() }
    }

    mutating func append(_ header: FrameHeader, _ loop: LoopContext) {
        prepare(loop)
        buffer.write(header)
    }

    /// Appends a frame with a body that `write` writes.
    mutating func append(
        _ header: FrameHeader,
        _ loop: LoopContext,
        _ write: (inout OutputRawSpan) -> Void
    ) {
        prepare(loop)
        buffer.write(header)
        let before = buffer.readableBytes
        buffer.writeWithOutputRawSpan(
            minimumWritableBytes: header.bodyByteCount,
            initializingWith: write
        )
        precondition(buffer.readableBytes - before == header.bodyByteCount)
    }

    /// Appends a frame with a message, which an encoder writes.
    mutating func append(
        _ header: FrameHeader,
        _ loop: LoopContext,
        message byteCount: Int,
        _ write: (UnsafeMutableRawBufferPointer) -> Int
    ) {
        prepare(loop)
        // Most frames are such ones, so header and message are written at once.
        let frameBytes = FrameHeader.byteCount + byteCount
        let written = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: frameBytes) { room in
            room.storeBytes(of: header.word.bigEndian, as: UInt64.self)
            let body = UnsafeMutableRawBufferPointer(rebasing: room[FrameHeader.byteCount...])
            return FrameHeader.byteCount + (byteCount > 0 ? write(body) : 0)
        }
        precondition(written == frameBytes)
    }

    /// Appends bytes that are whole frames already.
    mutating func append(frames: ByteBuffer, _ loop: LoopContext) {
        prepare(loop)
        buffer.writeImmutableBuffer(frames)
    }

    mutating func take() -> ByteBuffer {
        var taken = ByteBuffer()
        swap(&taken, &buffer)
        return taken
    }
}
