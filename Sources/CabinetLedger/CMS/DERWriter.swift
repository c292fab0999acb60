/// The few ASN.1 types that a signature file needs, in DER (X.690).
package enum DER {
    package static func sequence(_ parts: [UInt8]...) -> [UInt8] {
        element(0x30, parts.flatMap(\.self))
    }

    /// A SET OF with one member, which needs no sorting.
    package static func set(_ member: [UInt8]) -> [UInt8] { element(0x31, member) }

    package static func octetString(_ bytes: [UInt8]) -> [UInt8] { element(0x04, bytes) }

    /// - Precondition: `value` is below 128.
    package static func integer(_ value: UInt8) -> [UInt8] {
        precondition(value < 0x80)
        return element(0x02, [value])
    }

    /// A constructed element with a context-specific tag.
    package static func tagged(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
        element(0xa0 | number, content)
    }

    /// An object identifier, by the numbers between its dots.
    ///
    /// - Precondition: There are two at least, and the first is 0 or 1, or 2 with a small second.
    package static func identifier(_ arcs: UInt32...) -> [UInt8] {
        precondition(arcs.count >= 2 && arcs[0] <= 2 && arcs[1] < 40)
        let content = [UInt8(arcs[0] * 40 + arcs[1])] + arcs[2...].flatMap(base128)
        return element(0x06, content)
    }

    private static func base128(_ value: UInt32) -> [UInt8] {
        var bytes = [UInt8(value & 0x7f)]
        var rest = value >> 7
        while rest > 0 {
            bytes.append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        }
        return bytes.reversed()
    }

    /// An element of any type.
    package static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        [tag] + length(content.count) + content
    }

    private static func length(_ count: Int) -> [UInt8] {
        if count < 0x80 { return [UInt8(count)] }
        var bytes: [UInt8] = []
        var rest = count
        while rest > 0 {
            bytes.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
        return [0x80 | UInt8(bytes.count)] + bytes.reversed()
    }
}
