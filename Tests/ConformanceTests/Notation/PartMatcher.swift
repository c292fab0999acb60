/// Why what came is not what was expected.
struct Mismatch: Error {
    let explanation: String

    init(_ explanation: String) {
        self.explanation = explanation
    }
}

extension [Part] {
    /// Holds bytes against the pattern. Numbers with new names are added to `names`.
    func match(_ bytes: [UInt8], _ names: inout Names) throws(Mismatch) {
        var matcher = PartMatcher(rest: bytes[...], names: names)
        for part in self { try matcher.match(part) }
        guard matcher.rest.isEmpty else {
            throw Mismatch("\(matcher.rest.count) bytes more than expected: \(matcher.rest.hex)")
        }
        names = matcher.names
    }
}

private struct PartMatcher {
    var rest: ArraySlice<UInt8>
    var names: Names

    mutating func match(_ part: Part) throws(Mismatch) {
        switch part {
        case .integer(let byteCount, let number):
            let value = try take(byteCount).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            try match(value, number)
        case .varint(let number):
            try match(try takeVarint(), number)
        case .bytes(let expected):
            let found = try take(expected.count)
            guard Array(found) == expected else {
                throw Mismatch("expected \(expected[...].hex), found \(found.hex)")
            }
        case .message(let message):
            try match(try take(rest.count), message)
        case .sized(let isVarint, let parts):
            let count =
                isVarint ? try takeVarint() : UInt64(try take(2).reduce(0) { $0 << 8 | Int($1) })
            guard count <= rest.count else { throw Mismatch("a length goes beyond the body") }
            try parts.match(Array(try take(Int(count))), &names)
        case .repeated(let count, let part):
            for _ in 0..<count { try match(part) }
        case .rest:
            rest = []
        }
    }

    private mutating func take(_ count: Int) throws(Mismatch) -> ArraySlice<UInt8> {
        guard count <= rest.count else {
            throw Mismatch("expected \(count) bytes more, found \(rest.count)")
        }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    private mutating func takeVarint() throws(Mismatch) -> UInt64 {
        guard let value = rest.popVarint() else { throw Mismatch("a varint is malformed") }
        return value
    }

    private mutating func match(_ value: UInt64, _ number: Number) throws(Mismatch) {
        switch number {
        case .any: break
        case .value(let expected):
            guard value == expected else { throw Mismatch("expected \(expected), found \(value)") }
        case .atLeast(let least):
            guard value >= least else {
                throw Mismatch("expected \(least) or more, found \(value)")
            }
        case .named(let name):
            if let expected = names[name] {
                try match(value, .value(expected))
            } else {
                names[name] = value
            }
        }
    }

    private mutating func match(
        _ bytes: ArraySlice<UInt8>,
        _ message: ProtoText
    ) throws(Mismatch) {
        guard var found = ProtoFields.read(bytes) else {
            throw Mismatch("the bytes are no protobuf message: \(bytes.hex)")
        }
        for field in message.fields {
            guard let index = found.firstIndex(where: { $0.number == field.number }) else {
                throw Mismatch("field \(field.number) is missing")
            }
            try match(found.remove(at: index), field.value)
        }
        guard message.allowsMore || found.isEmpty else {
            throw Mismatch("field \(found[0].number) was not expected")
        }
    }

    private mutating func match(
        _ field: ProtoFields.Field,
        _ expected: ProtoText.Value
    ) throws(Mismatch) {
        switch (field.value, expected) {
        case (_, .any): break
        case (.varint(let value), .varint(let number)),
            (.fixed32(let value), .fixed32(let number)),
            (.fixed64(let value), .fixed64(let number)):
            try match(value, number)
        case (.delimited(let bytes), .message(let message)):
            try match(bytes, message)
        case (.delimited(let bytes), .parts(let parts)):
            do throws(Mismatch) {
                try parts.match(Array(bytes), &names)
            } catch {
                throw Mismatch("field \(field.number): \(error.explanation)")
            }
        default: throw Mismatch("field \(field.number) has another type")
        }
    }
}

/// The fields of a protobuf message whose schema is not known.
enum ProtoFields {
    enum Value {
        case varint(UInt64)
        case fixed32(UInt64)
        case fixed64(UInt64)
        case delimited(ArraySlice<UInt8>)
    }

    struct Field {
        let number: UInt64
        let value: Value
    }

    /// - Returns: `nil` where the bytes are no message.
    static func read(_ bytes: ArraySlice<UInt8>) -> [Field]? {
        var rest = bytes
        var fields: [Field] = []
        while !rest.isEmpty {
            guard let tag = rest.popVarint(), let value = readValue(tag & 7, &rest) else {
                return nil
            }
            fields.append(Field(number: tag >> 3, value: value))
        }
        return fields
    }

    private static func readValue(_ wireType: UInt64, _ rest: inout ArraySlice<UInt8>) -> Value? {
        func fixed(_ count: Int) -> UInt64? {
            guard rest.count >= count else { return nil }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        switch wireType {
        case 0: return rest.popVarint().map { .varint($0) }
        case 1: return fixed(8).map { .fixed64($0) }
        case 2:
            guard let count = rest.popVarint(), count <= rest.count else { return nil }
            defer { rest = rest.dropFirst(Int(count)) }
            return .delimited(rest.prefix(Int(count)))
        case 5: return fixed(4).map { .fixed32($0) }
        default: return nil
        }
    }
}

extension ArraySlice<UInt8> {
    fileprivate mutating func popVarint() -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = popFirst() else { return nil }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
        }
        return nil
    }

    /// For people: hexadecimal, and not without end.
    var hex: String {
        let digits = prefix(48).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return "<\(digits.joined())\(count > 48 ? "… \(count) bytes" : "")>"
    }
}
