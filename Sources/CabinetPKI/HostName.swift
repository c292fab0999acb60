internal import CabinetLedger
internal import Glibc

/// A name or an address of a server, as its certificate has it (RFC 5280, section 4.2.1.6).
public struct HostName: Hashable, Sendable {
    /// As it was given.
    public let text: String
    /// The GeneralName, in DER.
    let der: [UInt8]

    /// - Throws: ``IssuingError/invalidHost(_:)`` where the text is neither a host name (RFC 1123, section
    ///   2.1) nor an IP address.
    public init(_ text: String) throws(IssuingError) {
        self.text = text
        if let address = Self.address(text) {
            der = DER.element(0x87, address)
        } else if Self.isName(text) {
            der = DER.element(0x82, Array(text.utf8))
        } else {
            throw .invalidHost(text)
        }
    }

    /// The bytes of an address.
    private static func address(_ text: String) -> [UInt8]? {
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: count)
            if inet_pton(family, text, &bytes) == 1 { return bytes }
        }
        return nil
    }

    private static func isName(_ text: String) -> Bool {
        guard (1...253).contains(text.utf8.count) else { return false }
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        // What looks like an address and is none would match nothing.
        guard labels.last?.contains(where: { !$0.isNumber }) == true else { return false }
        return labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                && label.utf8.allSatisfy(isLetterDigitOrHyphen)
        }
    }

    private static func isLetterDigitOrHyphen(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
