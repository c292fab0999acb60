public import NIOCore

/// What a ``TLSHandler`` allows its peer, and its event loop (CWP/1, section 9).
public struct TLSLimits: Sendable {
    /// From the begin of the connection to the end of the handshake.
    public var handshakeTimeout: TimeAmount = .seconds(5)

    /// Handshakes that are under way on one event loop. A server ends the oldest that is silent, with
    /// the reason `silentDisplaced`, to make room for the next: one for which no whole ClientHello has
    /// come. Where none has been silent for ``leastSilence``, the next connection is closed at once with
    /// the reason `tooManyHandshakes`: its client can try again, where it would wait in vain.
    ///
    /// A handshake that has failed counts until its connection is closed.
    public var maxHandshakesPerLoop = 256

    /// A handshake keeps its place for so long without a word: in a burst of connections what a client
    /// has said waits in the socket until the loop comes to it.
    public var leastSilence: TimeAmount = .milliseconds(200)

    /// From this side's close_notify or alert to the end of the connection, where the peer does not
    /// end it before. What could not be written by then is lost.
    public var closeTimeout: TimeAmount = .seconds(1)

    /// Whether this side may go on writing when the peer has ended its output. Otherwise the
    /// connection is closed, after what is flushed has been written.
    public var allowsHalfClosure = false

    public init() {}
}
