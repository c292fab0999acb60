internal import Foundation

/// Base64 (RFC 4648, section 4).
func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

/// A PEM text (RFC 7468), with lines of 64 characters.
func pem(_ label: String, _ der: [UInt8]) -> [UInt8] {
    let text = Data(der).base64EncodedString(options: [
        .lineLength64Characters, .endLineWithLineFeed,
    ])
    return Array("-----BEGIN \(label)-----\n\(text)\n-----END \(label)-----\n".utf8)
}

/// Lower-case hexadecimal, two digits for each byte.
func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
        let digits = String(byte, radix: 16)
        return byte < 16 ? "0" + digits : digits
    }.joined()
}

/// A number with at least two digits.
func padded(_ number: some BinaryInteger, to width: Int = 2) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}
