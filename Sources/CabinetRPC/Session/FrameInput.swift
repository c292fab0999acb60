internal import CabinetWire
internal import NIOCore

/// The bytes of a frame that has not arrived as a whole.
///
/// Frames that arrive whole are read where they are; only what is left over is copied, and no more
/// memory is taken than bytes have come: announcing a long frame costs the peer as much as us.
struct FrameInput {
    private var held = ByteBuffer()
    private var isHeldCopy = false

    /// Whether the last bytes ended within a frame.
    var isIncomplete: Bool { held.readableBytes > 0 }

    /// Puts what was left over before the bytes that have arrived.
    mutating func begin(_ bytes: ByteBuffer) -> ByteBuffer {
        isHeldCopy = held.readableBytes > 0
        guard isHeldCopy else { return bytes }
        var all = ByteBuffer()
        swap(&all, &held)
        all.writeImmutableBuffer(bytes)
        return all
    }

    /// Keeps what is left over of what ``begin(_:)`` returned.
    mutating func end(_ rest: consuming ByteBuffer) {
        guard rest.readableBytes > 0 else { return }
        // A frame that comes in many small parts is not copied with each of them. The transport's
        // own buffer is, because the transport uses it again.
        if isHeldCopy {
            held = rest
            held.discardReadBytes()
        } else {
            held = ByteBuffer(bytes: rest.readableBytesView)
        }
    }
}
