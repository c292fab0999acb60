internal import CabinetCodec
internal import NIOCore

/// What the sessions of one event loop share: codec, executor, and a buffer that is used again.
///
/// `@unchecked Sendable`: it is handed from thread to thread, but everything that changes in it is
/// used on its event loop alone.
final class LoopContext: @unchecked Sendable {
    /// Larger buffers are given back to the system after use.
    private static let maxKeptBytes = 128 * 1_024

    let eventLoop: any EventLoop
    let executor: LoopTaskExecutor
    let turns: StreamTurns
    /// Whether the inline handler that runs has had an effect.
    let inlineEffect = EffectGate()
    // In a release, what changes with every call is not checked for exclusive access: the checks were an
    // eighth of a call's instructions. Tests run in debug builds, which check everything.
    #if !DEBUG
        @exclusivity(unchecked)
    #endif
    var decoder = MessageDecoder()
    #if !DEBUG
        @exclusivity(unchecked)
    #endif
    var encoder = MessageEncoder()
    #if !DEBUG
        @exclusivity(unchecked)
    #endif
    private var spare = ByteBuffer()

    init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        executor = LoopTaskExecutor(eventLoop)
        turns = StreamTurns(executor)
    }

    /// An empty buffer for frames. While one is away the next is a new one.
    func takeBuffer() -> ByteBuffer {
        var buffer = ByteBuffer()
        swap(&buffer, &spare)
        // Allocates where the transport still has what it was given.
        buffer.clear(minimumCapacity: 1_024)
        return buffer
    }

    func give(_ buffer: consuming ByteBuffer) {
        if buffer.capacity <= Self.maxKeptBytes { spare = buffer }
    }
}
