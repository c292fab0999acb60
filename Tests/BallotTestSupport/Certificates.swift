public import CabinetCrypto
internal import Foundation

/// A member's key, made once for a run.
public enum TestKeys {
    public static let p256 = try! PrivateKey.generate(.ecdsaP256SHA256)
    public static let otherP256 = try! PrivateKey.generate(.ecdsaP256SHA256)
    public static let ed25519 = try! PrivateKey.generate(.ed25519)
    public static let rsa = try! PrivateKey.generate(.rsaPSSSHA256)
}

/// An X.509 certificate (RFC 5280) of a key, signed by the key itself: as little as there has to be.
public func certificate(of key: PrivateKey) throws -> [UInt8] {
    try Certificate(key.publicKey, "Thành viên").signed(by: key, "Thành viên")
}

/// An authority that issues certificates.
public struct TestAuthority: Sendable {
    private static let name = "Cơ quan chứng thực"
    private let key: PrivateKey

    public init() throws {
        key = try PrivateKey.generate(.ecdsaP256SHA256)
    }

    /// A certificate of somebody's key, in DER.
    ///
    /// - Parameter end: The last second in which it is valid, as an ASN.1 UTCTime.
    public func issue(
        _ key: PublicKey,
        _ name: String = "Thành viên",
        validTo end: String = Certificate.end
    ) throws -> [UInt8] {
        try Certificate(key, name, end: end).signed(by: self.key, Self.name)
    }

    /// Its own certificate, in PEM.
    public func pem() throws -> String {
        let der = try Certificate(key.publicKey, Self.name, isAuthority: true)
            .signed(by: key, Self.name)
        let text = Data(der).base64EncodedString(options: [
            .lineLength64Characters, .endLineWithLineFeed,
        ])
        return "-----BEGIN CERTIFICATE-----\n\(text)\n-----END CERTIFICATE-----\n"
    }
}

/// What a certificate says, valid from 2019 on.
public struct Certificate {
    /// The end of validity where none is given.
    public static let end = "491231235959Z"

    private let key: PublicKey
    private let name: String
    private let isAuthority: Bool
    private let end: String

    init(
        _ key: PublicKey,
        _ name: String,
        isAuthority: Bool = false,
        end: String = Certificate.end
    ) {
        self.key = key
        self.name = name
        self.isAuthority = isAuthority
        self.end = end
    }

    func signed(by issuer: PrivateKey, _ issuerName: String) throws -> [UInt8] {
        let algorithm = signatureAlgorithm(of: issuer)
        let validity = der(
            0x30,
            der(0x17, Array("190101000000Z".utf8)) + der(0x17, Array(end.utf8))
        )
        let version = der(0xa0, der(0x02, [2]))
        let tbs = der(
            0x30,
            version + der(0x02, [1]) + algorithm + commonName(issuerName) + validity
                + commonName(name) + key.subjectPublicKeyInfo
                + (isAuthority ? basicConstraints : [])
        )
        return der(0x30, tbs + algorithm + der(0x03, [0] + (try issuer.sign(tbs))))
    }
}

private func commonName(_ name: String) -> [UInt8] {
    let type: [UInt8] = [0x06, 0x03, 0x55, 0x04, 0x03]
    return der(0x30, der(0x31, der(0x30, type + der(0x0c, Array(name.utf8)))))
}

/// The extension that says of a certificate that it is an authority's, critical.
private let basicConstraints: [UInt8] = {
    let type: [UInt8] = [0x06, 0x03, 0x55, 0x1d, 0x13]
    let value = der(0x04, der(0x30, [0x01, 0x01, 0xff]))
    return der(0xa3, der(0x30, der(0x30, type + [0x01, 0x01, 0xff] + value)))
}()

private func signatureAlgorithm(of key: PrivateKey) -> [UInt8] {
    switch key.publicKey.algorithm {
    case .ecdsaP256SHA256:
        der(0x30, [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02])
    case .ed25519:
        der(0x30, [0x06, 0x03, 0x2b, 0x65, 0x70])
    case .rsaPSSSHA256:
        // What is written here is not looked at: nobody verifies who issued the certificate.
        der(0x30, [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a])
    }
}

/// One element in DER.
private func der(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    let count = content.count
    let length: [UInt8] =
        switch count {
        case ..<0x80: [UInt8(count)]
        case ..<0x100: [0x81, UInt8(count)]
        default: [0x82, UInt8(count >> 8), UInt8(count & 0xff)]
        }
    return [tag] + length + content
}
