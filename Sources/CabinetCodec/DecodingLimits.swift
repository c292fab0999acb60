/// What one message may cost to decode. Whatever a peer sends, decoding stays within these, and they
/// are checked before the memory is spent.
public struct DecodingLimits: Sendable, Hashable {
    /// The longest serialized message, in bytes.
    public var maxMessageBytes: Int

    /// Fields in the message and all its submessages. Each element of a packed field counts as one.
    public var maxFieldCount: Int

    /// Fields that the schema does not know, of those in ``maxFieldCount``.
    public var maxUnknownFieldCount: Int

    /// Memory for the C form of the message, in bytes, including its strings.
    public var maxArenaBytes: Int

    /// Memory for the elements of repeated submessages in the Swift value, in bytes. Strings and byte
    /// arrays do not count: their bytes are within ``maxArenaBytes``, and what an array costs beside
    /// its bytes, some 50, is bounded by ``maxFieldCount``.
    public var maxValueBytes: Int

    public init(
        maxMessageBytes: Int = 1 << 20,
        maxFieldCount: Int = 65_536,
        maxUnknownFieldCount: Int = 4_096,
        maxArenaBytes: Int = 8 << 20,
        maxValueBytes: Int = 16 << 20
    ) {
        self.maxMessageBytes = maxMessageBytes
        self.maxFieldCount = maxFieldCount
        self.maxUnknownFieldCount = maxUnknownFieldCount
        self.maxArenaBytes = maxArenaBytes
        self.maxValueBytes = maxValueBytes
    }

    /// 1 MiB of message, 65,536 fields of which 4,096 unknown, 8 MiB of arena, 16 MiB of
    /// submessages.
    ///
    /// The largest message of the schema, a snapshot with 800 participants, 100 agenda items and 200
    /// polls, has some 40,000 fields, and stays decodable when a newer server adds a few to each.
    public static let `default` = DecodingLimits()
}
