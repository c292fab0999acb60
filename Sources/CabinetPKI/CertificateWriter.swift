internal import CabinetCrypto
internal import CabinetLedger

/// A certificate that is about to be signed (RFC 5280, section 4.1).
struct CertificateWriter {
    let serial: SerialNumber
    /// The Name, in DER.
    let issuer: [UInt8]
    let validity: ClosedRange<Int64>
    /// The Name, in DER.
    let subject: [UInt8]
    let publicKey: PublicKey
    let extensions: [[UInt8]]

    /// The certificate in DER.
    func signed(by key: PrivateKey) throws(IssuingError) -> [UInt8] {
        let contents = DER.sequence(
            // Version 3.
            DER.tagged(0, DER.integer(2)),
            serial.der,
            SignatureValue.ecdsaWithSHA256,
            issuer,
            DER.sequence(
                try CertificateTime.der(validity.lowerBound),
                try CertificateTime.der(validity.upperBound)
            ),
            subject,
            publicKey.subjectPublicKeyInfo,
            DER.tagged(3, DER.element(0x30, extensions.flatMap(\.self)))
        )
        return try SignatureValue.signed(contents, by: key)
    }
}

/// What certificates and lists have in common: contents, algorithm and signature.
enum SignatureValue {
    /// RFC 5758, section 3.2.
    static let ecdsaWithSHA256 = DER.sequence(DER.identifier(1, 2, 840, 10_045, 4, 3, 2))

    static func signed(_ contents: [UInt8], by key: PrivateKey) throws(IssuingError) -> [UInt8] {
        let signature: [UInt8]
        do throws(SigningError) {
            signature = try key.sign(contents)
        } catch {
            throw .signing(error)
        }
        // A BIT STRING of whole bytes.
        return DER.sequence(contents, ecdsaWithSHA256, DER.element(0x03, [0] + signature))
    }
}
