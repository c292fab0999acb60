internal import CabinetCrypto
internal import CabinetModel

/// What goes before the bytes that are hashed or signed, so that those of one kind cannot be passed
/// off as another (voting.proto).
enum Domain {
    static let motion = Array("e-cabinet/motion/v1\n".utf8)
    static let roll = Array("e-cabinet/roll/v1\n".utf8)
    static let ballot = Array("e-cabinet/ballot/v1\n".utf8)
}

extension Digest {
    /// SHA-256(domain ‖ bytes).
    init(_ domain: [UInt8], _ bytes: [UInt8]) {
        self.init(SHA256.digest(of: domain, bytes))
    }

    init(_ digest: SHA256Digest) {
        do {
            try self.init(digest.bytes)
        } catch {
            preconditionFailure("SHA-256 has 32 bytes")
        }
    }
}
