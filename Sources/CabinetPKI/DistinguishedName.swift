internal import CabinetLedger

/// Whose certificate it is: an organisation and a common name (RFC 5280, section 4.1.2.4).
public struct DistinguishedName: Hashable, Sendable {
    public let organization: String
    public let commonName: String

    /// - Throws: ``IssuingError/invalidName(_:)`` where one of them is empty, has more than 64 characters (RFC
    ///   5280, appendix A.1) or a control character.
    public init(organization: String, commonName: String) throws(IssuingError) {
        for name in [organization, commonName] {
            guard (1...64).contains(name.unicodeScalars.count),
                !name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
            else { throw .invalidName(name) }
        }
        self.organization = organization
        self.commonName = commonName
    }

    /// The Name, in DER.
    var der: [UInt8] {
        DER.sequence(
            Self.attribute(DER.identifier(2, 5, 4, 10), organization),
            Self.attribute(DER.identifier(2, 5, 4, 3), commonName)
        )
    }

    private static func attribute(_ identifier: [UInt8], _ text: String) -> [UInt8] {
        // UTF8String.
        DER.set(DER.sequence(identifier, DER.element(0x0c, Array(text.utf8))))
    }
}
