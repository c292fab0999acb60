/// 32 bytes in four words, so that comparing and hashing allocate nothing.
struct Bytes32: Hashable, Comparable, Sendable {
    private let first: UInt64
    private let second: UInt64
    private let third: UInt64
    private let fourth: UInt64

    init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        first = bigEndianWord(bytes.prefix(8))
        second = bigEndianWord(bytes.dropFirst(8).prefix(8))
        third = bigEndianWord(bytes.dropFirst(16).prefix(8))
        fourth = bigEndianWord(bytes.dropFirst(24))
    }

    var bytes: [UInt8] { [first, second, third, fourth].flatMap(bigEndianBytes) }

    static func < (left: Self, right: Self) -> Bool {
        (left.first, left.second, left.third, left.fourth)
            < (right.first, right.second, right.third, right.fourth)
    }
}

/// 16 bytes in two words.
struct Bytes16: Hashable, Sendable {
    private let first: UInt64
    private let second: UInt64

    init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        first = bigEndianWord(bytes.prefix(8))
        second = bigEndianWord(bytes.dropFirst(8))
    }

    var bytes: [UInt8] { [first, second].flatMap(bigEndianBytes) }
}

private func bigEndianWord(_ bytes: some Sequence<UInt8>) -> UInt64 {
    bytes.reduce(0) { $0 << 8 | UInt64($1) }
}

private func bigEndianBytes(_ word: UInt64) -> [UInt8] {
    stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> UInt64($0)) }
}

func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
        let digits = String(byte, radix: 16)
        return digits.utf8.count == 1 ? "0" + digits : digits
    }.joined()
}
