/// 32 bytes in four words, so that comparing and hashing allocate nothing.
struct Bytes32: Hashable, Comparable, Sendable {
    private let first: UInt64
    private let second: UInt64
    private let third: UInt64
    private let fourth: UInt64

    init?(_ bytes: some Collection<UInt8>) {
        let words = withContiguousBytes(of: bytes) { bytes in
            bytes.count == 32
                ? (
                    bigEndianWord(bytes, 0), bigEndianWord(bytes, 8), bigEndianWord(bytes, 16),
                    bigEndianWord(bytes, 24)
                ) : nil
        }
        guard let words else { return nil }
        (first, second, third, fourth) = words
    }

    var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { buffer, initializedCount in
            let buffer = UnsafeMutableRawBufferPointer(buffer)
            buffer.storeBytes(of: first.bigEndian, toByteOffset: 0, as: UInt64.self)
            buffer.storeBytes(of: second.bigEndian, toByteOffset: 8, as: UInt64.self)
            buffer.storeBytes(of: third.bigEndian, toByteOffset: 16, as: UInt64.self)
            buffer.storeBytes(of: fourth.bigEndian, toByteOffset: 24, as: UInt64.self)
            initializedCount = 32
        }
    }

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
        let words = withContiguousBytes(of: bytes) { bytes in
            bytes.count == 16 ? (bigEndianWord(bytes, 0), bigEndianWord(bytes, 8)) : nil
        }
        guard let words else { return nil }
        (first, second) = words
    }

    var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 16) { buffer, initializedCount in
            let buffer = UnsafeMutableRawBufferPointer(buffer)
            buffer.storeBytes(of: first.bigEndian, toByteOffset: 0, as: UInt64.self)
            buffer.storeBytes(of: second.bigEndian, toByteOffset: 8, as: UInt64.self)
            initializedCount = 16
        }
    }
}

/// Nearly always they come in an array: reading that byte by byte, as any collection is read, costs more
/// than whatever is done with them.
private func withContiguousBytes<Result>(
    of bytes: some Collection<UInt8>,
    _ body: (UnsafeRawBufferPointer) -> Result
) -> Result {
    bytes.withContiguousStorageIfAvailable { body(UnsafeRawBufferPointer($0)) }
        ?? Array(bytes).withUnsafeBytes(body)
}

private func bigEndianWord(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
    UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
}

func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
        let digits = String(byte, radix: 16)
        return digits.utf8.count == 1 ? "0" + digits : digits
    }.joined()
}
