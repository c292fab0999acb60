/// A number as a case states it.
enum Number: Hashable, Sendable {
    case value(UInt64)
    /// `*`: any number. In expectations alone.
    case any
    /// `5+`: this number or more. In expectations alone.
    case atLeast(UInt64)
    /// `?name`: the number that an expectation found there first.
    case named(String)
}

/// A part of the body of a frame: bytes to be sent, or a pattern of what is to come.
indirect enum Part: Hashable, Sendable {
    /// `u8 1` to `u64 1`: big-endian, of so many bytes.
    case integer(byteCount: Int, Number)
    /// `varint 1`: as protobuf has it.
    case varint(Number)
    /// `"text"` and `<00 ff>`.
    case bytes([UInt8])
    /// `{1: 5}`: a protobuf message.
    case message(ProtoText)
    /// `len16(…)`, `lenv(…)`: parts behind their length, as u16 or as a varint.
    case sized(isVarint: Bool, [Part])
    /// `100*"a"`.
    case repeated(Int, Part)
    /// `*`: whatever is left. In expectations alone.
    case rest
}

/// A protobuf message by field numbers, without its schema.
struct ProtoText: Hashable, Sendable {
    indirect enum Value: Hashable, Sendable {
        case varint(Number)
        case fixed32(Number)
        case fixed64(Number)
        /// Length-delimited: a string, bytes, or packed numbers.
        case parts([Part])
        case message(ProtoText)
        /// `*`: the field is there. In expectations alone.
        case any
    }

    struct Field: Hashable, Sendable {
        let number: UInt64
        let value: Value
    }

    let fields: [Field]
    /// `..` at the end: other fields may be there. In expectations alone.
    let allowsMore: Bool
}
