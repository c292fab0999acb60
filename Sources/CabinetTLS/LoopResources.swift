internal import NIOCore

/// What the connections of one event loop share: buffers that are used again, and the number of
/// handshakes that are under way.
///
/// `@unchecked Sendable`: the table of loops is shared, but each of these is used by the handlers on
/// its own event loop, and by nothing else.
final class LoopResources: @unchecked Sendable {
    /// Larger buffers are given back to the system after use.
    private static let maxKeptBytes = 128 * 1_024

    private(set) var handshakes = 0
    /// A handshake for which no whole ClientHello has come yet.
    struct Silent {
        let handler: TLSHandler
        let context: ChannelHandlerContext
        let beganAt: NIODeadline
    }

    /// The oldest first. Bounded by the handshakes.
    private var silent: [Silent] = []
    // Checked for exclusive access in debug builds alone: see TLSHandler.
    #if !DEBUG
        @exclusivity(unchecked)
    #endif
    private var plaintext = ByteBuffer()
    #if !DEBUG
        @exclusivity(unchecked)
    #endif
    private var ciphertext = ByteBuffer()
    /// One record's worth of small writes. Nothing keeps a reference to it.
    let gathering = UnsafeMutableRawBufferPointer.allocate(
        byteCount: TLSSession.maxRecordBytes,
        alignment: 16
    )

    deinit { gathering.deallocate() }

    /// - Returns: `false` where there are as many as there may be.
    func beginHandshake(limit: Int) -> Bool {
        guard handshakes < limit else { return false }
        handshakes += 1
        return true
    }

    func endHandshake() {
        handshakes -= 1
    }

    /// A handshake waits for what its peer says first.
    func beganSilence(_ handler: TLSHandler, _ context: ChannelHandlerContext) {
        silent.append(
            Silent(handler: handler, context: context, beganAt: context.eventLoop.now)
        )
    }

    func endedSilence(_ handler: TLSHandler) {
        silent.removeAll { $0.handler === handler }
    }

    /// Takes the handshake that has been silent for the longest time, to be ended, unless it has been
    /// for less than `silence`.
    func popSilent(for silence: TimeAmount, at now: NIODeadline) -> Silent? {
        guard let oldest = silent.first, now - oldest.beganAt >= silence else { return nil }
        return silent.removeFirst()
    }

    /// An empty buffer for plaintext. While it is away another handler gets a new one.
    func takePlaintext(_ byteCount: Int) -> ByteBuffer {
        Self.take(&plaintext, byteCount)
    }

    func give(plaintext buffer: consuming ByteBuffer) {
        if Self.isKept(buffer.capacity) { plaintext = buffer }
    }

    func takeCiphertext() -> ByteBuffer {
        Self.take(&ciphertext, 1_024)
    }

    func give(ciphertext buffer: consuming ByteBuffer) {
        if Self.isKept(buffer.capacity) { ciphertext = buffer }
    }

    private static func isKept(_ byteCount: Int) -> Bool {
        byteCount > 0 && byteCount <= maxKeptBytes
    }

    private static func take(_ kept: inout ByteBuffer, _ byteCount: Int) -> ByteBuffer {
        var buffer = ByteBuffer()
        swap(&buffer, &kept)
        // Allocates where someone still has a slice of it.
        buffer.clear(minimumCapacity: byteCount)
        return buffer
    }
}
