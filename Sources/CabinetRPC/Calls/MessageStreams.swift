public import CabinetCodec

/// Messages that arrive on a stream, in the order in which they were sent.
///
/// One task reads a stream, once. On a client the call is cancelled when that task is, or when the
/// reader and its iterators are let go of before the end.
public struct MessageReader<Element: Message>: AsyncSequence, Sendable {
    private let nextElement: @Sendable () async throws(RPCError) -> Element?

    /// - Parameter next: Waits for the next message; `nil` where the stream has ended well.
    public init(next: @escaping @Sendable () async throws(RPCError) -> Element?) {
        nextElement = next
    }

    public func makeAsyncIterator() -> Iterator {
        Iterator(nextElement: nextElement)
    }

    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let nextElement: @Sendable () async throws(RPCError) -> Element?

        public mutating func next() async throws(RPCError) -> Element? {
            try await nextElement()
        }

        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(RPCError) -> Element? {
            try await nextElement()
        }
    }
}

/// Sends messages on a stream.
public struct MessageWriter<Element: Message>: Sendable {
    private let writeElement: @Sendable (Element) async throws(RPCError) -> Void

    /// - Parameter write: Sends one message, and waits while the peer is behind.
    public init(write: @escaping @Sendable (Element) async throws(RPCError) -> Void) {
        writeElement = write
    }

    /// Sends one message, and waits while the peer has given no credit.
    ///
    /// - Throws: ``RPCError`` where the call has ended.
    public func write(_ message: Element) async throws(RPCError) {
        try await writeElement(message)
    }
}
