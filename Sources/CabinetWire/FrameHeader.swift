/// The header of a frame: 8 bytes, big-endian (CWP/1, rule 2.1).
///
/// The four fields are parts of one word, so that reading a header is one load.
public struct FrameHeader: Hashable, Sendable {
    /// The bytes of a header.
    public static let byteCount = 8

    /// The highest value of a length and of an id: 2²⁴ − 1.
    public static let maxField: UInt32 = 0xff_ffff

    /// The header as one number, in the order of the wire.
    public let word: UInt64

    public init(word: UInt64) {
        self.word = word
    }

    /// - Precondition: `bodyByteCount` and `id` are at most ``maxField``. Both are chosen by this side
    ///   and bounded by its limits.
    public init(type: FrameType, flags: FrameFlags = [], id: UInt32, bodyByteCount: Int) {
        precondition(bodyByteCount >= 0 && bodyByteCount <= Int(Self.maxField))
        precondition(id <= Self.maxField)
        word =
            UInt64(bodyByteCount) << 40
            | UInt64(type.rawValue) << 32
            | UInt64(flags.rawValue) << 24
            | UInt64(id)
    }

    /// The bytes that follow the header.
    public var bodyByteCount: Int { Int(word >> 40) }

    public var type: FrameType { FrameType(rawValue: UInt8(truncatingIfNeeded: word >> 32)) }

    public var flags: FrameFlags { FrameFlags(rawValue: UInt8(truncatingIfNeeded: word >> 24)) }

    /// The call slot or the channel; 0 is the connection.
    public var id: UInt32 { UInt32(truncatingIfNeeded: word) & Self.maxField }
}

/// The type of a frame (CWP/1, rule 2.5). Every number is representable: what an unknown one means
/// depends on its top bit.
public struct FrameType: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Whether a receiver that does not know the type ignores the frame (rule 2.3).
    public var isIgnorable: Bool { rawValue & 0x80 != 0 }

    public static let hello = Self(rawValue: 0x01)
    public static let call = Self(rawValue: 0x02)
    public static let reply = Self(rawValue: 0x03)
    public static let status = Self(rawValue: 0x04)
    public static let cancel = Self(rawValue: 0x05)
    public static let item = Self(rawValue: 0x06)
    public static let credit = Self(rawValue: 0x07)
    public static let ping = Self(rawValue: 0x08)
    public static let pong = Self(rawValue: 0x09)
    public static let goAway = Self(rawValue: 0x0a)
    public static let bound = Self(rawValue: 0x0b)
    public static let event = Self(rawValue: 0x10)
    public static let batch = Self(rawValue: 0x11)
    public static let mark = Self(rawValue: 0x12)
    public static let snapshot = Self(rawValue: 0x13)
}

/// The flags of a frame (CWP/1, rule 2.4).
public struct FrameFlags: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The sender has no more to send on this call.
    public static let end = Self(rawValue: 0x01)
    /// The snapshot continues in the next frame.
    public static let more = Self(rawValue: 0x02)
    /// An idempotency key is present.
    public static let key = Self(rawValue: 0x04)
    /// A trace context is present.
    public static let trace = Self(rawValue: 0x08)
    /// Metadata is present.
    public static let metadata = Self(rawValue: 0x10)
    /// The call has had no effect: it is safe to send it again.
    public static let notProcessed = Self(rawValue: 0x20)
    /// A resume token is present.
    public static let resume = Self(rawValue: 0x40)
}
