public import CabinetCodec
internal import CabinetWire
internal import NIOCore

/// An event as its subscribers get it, encoded: to be published on several channels, or kept for those
/// who come later. All share its bytes.
public struct EncodedEvent<Event: Message>: Sendable {
    let message: ByteBuffer

    /// - Throws: ``BroadcastError/eventTooLong(byteCount:limit:)`` where it does not fit a frame.
    public init(_ event: Event) throws(BroadcastError) {
        message = ByteBuffer(bytes: event.serialized())
        guard message.readableBytes <= BatchBody.maxMessageBytes else {
            throw .eventTooLong(
                byteCount: message.readableBytes,
                limit: BatchBody.maxMessageBytes
            )
        }
    }

    /// Its length.
    public var byteCount: Int { message.readableBytes }
}
