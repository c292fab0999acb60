internal import CabinetCrypto
internal import CabinetLedger

/// The extensions of certificates and lists (RFC 5280, sections 4.2 and 5.2).
enum CertificateExtensions {
    /// Of an authority: it issues certificates, and no other authorities', and lists.
    static func authority(_ key: PublicKey) -> [[UInt8]] {
        [
            // CA is true, and the length of the path is 0.
            critical(
                19,
                DER.sequence(DER.element(0x01, [0xff]), DER.integer(0))
            ),
            // keyCertSign and cRLSign: the sixth and the seventh bit.
            critical(15, DER.element(0x03, [1, 0x06])),
            subjectKeyIdentifier(key),
            authorityKeyIdentifier(key),
        ]
    }

    /// Of whoever is no authority.
    static func issued(
        _ purpose: CertificatePurpose,
        to key: PublicKey,
        by authority: PublicKey
    ) throws(IssuingError) -> [[UInt8]] {
        var extensions = [
            critical(19, DER.sequence()), subjectKeyIdentifier(key),
            authorityKeyIdentifier(authority),
        ]
        switch purpose {
        case .server(let hosts):
            guard !hosts.isEmpty else { throw .invalidHost("") }
            extensions += [
                digitalSignature, extendedKeyUsage(1),
                ordinary(17, DER.element(0x30, hosts.flatMap(\.der))),
            ]
        case .device:
            extensions += [digitalSignature, extendedKeyUsage(2)]
        case .signing:
            // digitalSignature and nonRepudiation: the first two bits.
            extensions.append(critical(15, DER.element(0x03, [6, 0xc0])))
        }
        return extensions
    }

    /// The first bit.
    private static let digitalSignature = critical(15, DER.element(0x03, [7, 0x80]))

    /// serverAuth is 1, clientAuth is 2.
    private static func extendedKeyUsage(_ purpose: UInt32) -> [UInt8] {
        ordinary(37, DER.sequence(DER.identifier(1, 3, 6, 1, 5, 5, 7, 3, purpose)))
    }

    /// RFC 7093, section 2, method 4: the key's fingerprint.
    private static func subjectKeyIdentifier(_ key: PublicKey) -> [UInt8] {
        ordinary(14, DER.octetString(key.fingerprint.bytes))
    }

    static func authorityKeyIdentifier(_ key: PublicKey) -> [UInt8] {
        ordinary(35, DER.sequence(DER.element(0x80, key.fingerprint.bytes)))
    }

    static func revocationListNumber(_ number: UInt64) -> [UInt8] {
        // With a zero in front where it would be negative otherwise, and as short as DER asks.
        var bytes = withUnsafeBytes(of: number.bigEndian) { Array($0) }
        while bytes.count > 1, bytes[0] == 0, bytes[1] < 0x80 { bytes.removeFirst() }
        return ordinary(20, DER.element(0x02, bytes[0] < 0x80 ? bytes : [0] + bytes))
    }

    // All of them are in the arc of certificate extensions.

    private static func ordinary(_ number: UInt32, _ value: [UInt8]) -> [UInt8] {
        DER.sequence(DER.identifier(2, 5, 29, number), DER.octetString(value))
    }

    private static func critical(_ number: UInt32, _ value: [UInt8]) -> [UInt8] {
        DER.sequence(
            DER.identifier(2, 5, 29, number),
            DER.element(0x01, [0xff]),
            DER.octetString(value)
        )
    }
}
