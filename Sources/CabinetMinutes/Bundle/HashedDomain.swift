internal import CabinetCrypto
internal import CabinetModel

/// What goes before the bytes of a motion and of a roll when they are hashed (voting.proto).
enum HashedDomain {
    static let motion = Array("e-cabinet/motion/v1\n".utf8)
    static let roll = Array("e-cabinet/roll/v1\n".utf8)
}

/// The key of a ballot's certificate, as `openssl` reads it. A certificate whose key cannot be read signs
/// no ballot that verifies.
func publicKeyPEM(of ballot: VerifiedBallot) -> [UInt8] {
    guard let key = try? PublicKey(certificate: ballot.certificate) else { return [] }
    return pem("PUBLIC KEY", key.subjectPublicKeyInfo)
}
