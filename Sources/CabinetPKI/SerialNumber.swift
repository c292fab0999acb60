internal import CabinetLedger

/// The number of a certificate, which its authority gives to no other: 1 to 20 bytes (RFC 5280, section
/// 4.1.2.2).
public struct SerialNumber: Hashable, Sendable {
    /// The first is 1…127, so that the number is positive and as short as DER asks.
    private let bytes: [UInt8]

    /// One that nobody can guess: 128 bits of it are random.
    public static func random() -> SerialNumber {
        var generator = SystemRandomNumberGenerator()
        let random = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        return SerialNumber(bytes: [1] + random)
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// - Returns: `nil` where the text is not what ``text`` gives.
    public init?(_ text: String) {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2), (2...40).contains(digits.count) else { return nil }
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: digits.count, by: 2) {
            let pair = String(decoding: digits[start..<start + 2], as: UTF8.self)
            guard let byte = UInt8(pair, radix: 16), !pair.contains("+") else { return nil }
            bytes.append(byte)
        }
        guard let first = bytes.first, (1...127).contains(first) else { return nil }
        self.bytes = bytes
    }

    /// In hexadecimal.
    public var text: String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    var der: [UInt8] { DER.element(0x02, bytes) }
}
