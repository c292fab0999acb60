/// A SHA-256 digest (FIPS 180-4): 32 bytes, kept inline without allocation.
///
/// Digests are public values. Comparison takes a time that depends on them.
public struct SHA256Digest: Hashable, Sendable, BitwiseCopyable {
    /// The length of a digest in bytes.
    public static let byteCount = 32

    // The bytes in memory order. Four words, because a tuple or an InlineArray is not Hashable.
    private var word0: UInt64 = 0
    private var word1: UInt64 = 0
    private var word2: UInt64 = 0
    private var word3: UInt64 = 0

    /// The digest with these bytes; nil where they are not exactly 32.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        self.init(unsafeFilling: { $0.copyBytes(from: bytes) })
    }

    /// A digest whose 32 bytes `fill` writes. They are zero before.
    package init(unsafeFilling fill: (UnsafeMutableRawBufferPointer) -> Void) {
        Swift.withUnsafeMutableBytes(of: &self, fill)
    }

    /// The 32 bytes.
    public var bytes: [UInt8] {
        withUnsafeBytes { [UInt8]($0) }
    }

    /// Runs `body` over the 32 bytes, which are valid only meanwhile.
    package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        Swift.withUnsafeBytes(of: self, body)
    }
}

extension SHA256Digest: CustomStringConvertible {
    /// 64 lower-case hexadecimal digits.
    public var description: String {
        withUnsafeBytes { hexadecimal($0) }
    }
}

/// Lower-case hexadecimal, two digits for each byte.
package func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}
