/// The numbers that a case has found in what came.
typealias Names = [String: UInt64]

extension [Part] {
    /// The bytes, where every part says which they are.
    func encoded(_ names: Names) throws(NotationError) -> [UInt8] {
        var bytes: [UInt8] = []
        for part in self { try part.encode(names, into: &bytes) }
        return bytes
    }
}

extension Number {
    fileprivate func value(_ names: Names) throws(NotationError) -> UInt64 {
        switch self {
        case .value(let value): return value
        case .any, .atLeast: throw NotationError("what is sent has no pattern")
        case .named(let name):
            guard let value = names[name] else {
                throw NotationError("nothing that came was named ?\(name)")
            }
            return value
        }
    }
}

extension Part {
    fileprivate func encode(
        _ names: Names,
        into bytes: inout [UInt8]
    ) throws(NotationError) {
        switch self {
        case .integer(let byteCount, let number):
            let value = try number.value(names)
            guard byteCount == 8 || value >> (8 * byteCount) == 0 else {
                throw NotationError("\(value) does not fit \(byteCount) bytes")
            }
            bytes += bigEndian(value, byteCount)
        case .varint(let number): bytes.append(varint: try number.value(names))
        case .bytes(let some): bytes += some
        case .message(let message): try message.encode(names, into: &bytes)
        case .sized(let isVarint, let parts):
            let inner = try parts.encoded(names)
            if isVarint {
                bytes.append(varint: UInt64(inner.count))
            } else {
                guard inner.count <= UInt16.max else {
                    throw NotationError("len16 of more than 65,535 bytes")
                }
                bytes += bigEndian(UInt64(inner.count), 2)
            }
            bytes += inner
        case .repeated(let count, let part):
            let once = try [part].encoded(names)
            bytes.reserveCapacity(bytes.count + once.count * count)
            for _ in 0..<count { bytes += once }
        case .rest: throw NotationError("what is sent has no pattern")
        }
    }
}

extension ProtoText {
    fileprivate func encode(
        _ names: Names,
        into bytes: inout [UInt8]
    ) throws(NotationError) {
        guard !allowsMore else { throw NotationError("what is sent has no pattern") }
        for field in fields {
            switch field.value {
            case .varint(let number):
                bytes.append(varint: field.number << 3)
                bytes.append(varint: try number.value(names))
            case .fixed64(let number):
                bytes.append(varint: field.number << 3 | 1)
                bytes += bigEndian(try number.value(names), 8).reversed()
            case .fixed32(let number):
                bytes.append(varint: field.number << 3 | 5)
                bytes += bigEndian(try number.value(names), 4).reversed()
            case .parts(let parts):
                bytes.append(field.number, delimited: try parts.encoded(names))
            case .message(let message):
                bytes.append(field.number, delimited: try [Part.message(message)].encoded(names))
            case .any: throw NotationError("what is sent has no pattern")
            }
        }
    }
}

/// The low bytes of a number, the highest first.
func bigEndian(_ value: UInt64, _ byteCount: Int) -> [UInt8] {
    (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> (8 * (byteCount - 1 - $0))) }
}

extension [UInt8] {
    mutating func append(varint value: UInt64) {
        var value = value
        while value >= 0x80 {
            append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        append(UInt8(value))
    }

    fileprivate mutating func append(_ field: UInt64, delimited bytes: [UInt8]) {
        append(varint: field << 3 | 2)
        append(varint: UInt64(bytes.count))
        self += bytes
    }
}
