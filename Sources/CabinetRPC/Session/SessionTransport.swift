internal import CabinetTLS
internal import NIOCore

/// What carries the bytes of a session: a channel with TLS, or a pipe within the process.
///
/// All of it is used on the event loop.
protocol SessionTransport: AnyObject {
    var eventLoop: any EventLoop { get }
    /// Whether more can be written without filling the memory.
    var isWritable: Bool { get }
    /// Writes whole frames, which the transport may hold back until it is writable.
    func writeAndFlush(_ bytes: ByteBuffer)
    /// Ends the connection when what was written has been sent. The session is told by
    /// ``Session/closed()``.
    func close()
}

/// One end of a connection, as its transport sees it. All of it is called on the event loop.
protocol Session: TLSReceiver {
    func writabilityChanged()
    /// The peer has ended its output, or the transport has failed, and nothing more will arrive.
    func failed(_ error: any Error)
    /// The connection is gone. Nothing is called after this.
    func closed()
}
