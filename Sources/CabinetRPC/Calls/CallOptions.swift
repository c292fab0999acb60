/// What a caller asks for beyond the request itself.
public struct CallOptions: Sendable, Hashable {
    /// How long the caller waits for the outcome, over all attempts; `nil` for as long as it takes,
    /// or what the client's configuration says. The server is told, and stops working for a caller who
    /// has stopped waiting.
    ///
    /// Of a subscription it is the time until the server has accepted it.
    public var timeout: Duration?

    /// Names and values that accompany the call.
    public var metadata: Metadata

    /// The key of a keyed call, by which the server recognises it when it is sent again. The client
    /// runtime makes one up where this is `nil`.
    public var idempotencyKey: IdempotencyKey?

    public init(
        timeout: Duration? = nil,
        metadata: Metadata = Metadata(),
        idempotencyKey: IdempotencyKey? = nil
    ) {
        self.timeout = timeout
        self.metadata = metadata
        self.idempotencyKey = idempotencyKey
    }
}

/// The 16 bytes by which a server recognises a call that is sent again.
public struct IdempotencyKey: Sendable, Hashable {
    /// The number of bytes in a key.
    public static let byteCount = 16

    public let bytes: [UInt8]

    /// - Returns: `nil` unless there are 16 bytes.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    /// A key of random bytes.
    public static func random(using generator: inout some RandomNumberGenerator) -> Self {
        let words = [generator.next(), generator.next()]
        return Self(bytes: words.flatMap { withUnsafeBytes(of: $0, Array.init) })
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }
}
