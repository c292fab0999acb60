public import CabinetCrypto

/// An X.509 certificate (RFC 5280) of a key, signed by the key itself: as little as there has to be.
public func certificate(of key: PrivateKey) throws -> [UInt8] {
    let algorithm = try signatureAlgorithm(of: key)
    let name = der(0x30, der(0x31, der(0x30, commonName + der(0x0c, Array("Thành viên".utf8)))))
    let validity = der(
        0x30,
        der(0x17, Array("190101000000Z".utf8)) + der(0x17, Array("491231235959Z".utf8))
    )
    let version = der(0xa0, der(0x02, [2]))
    let tbs = der(
        0x30,
        version + der(0x02, [1]) + algorithm + name + validity + name
            + key.publicKey.subjectPublicKeyInfo
    )
    let signature = try key.sign(tbs)
    return der(0x30, tbs + algorithm + der(0x03, [0] + signature))
}

private let commonName: [UInt8] = [0x06, 0x03, 0x55, 0x04, 0x03]

private func signatureAlgorithm(of key: PrivateKey) throws -> [UInt8] {
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

/// A member's key, made once for a run.
public enum TestKeys {
    public static let p256 = try! PrivateKey.generate(.ecdsaP256SHA256)
    public static let otherP256 = try! PrivateKey.generate(.ecdsaP256SHA256)
    public static let ed25519 = try! PrivateKey.generate(.ed25519)
    public static let rsa = try! PrivateKey.generate(.rsaPSSSHA256)
}
