public import CabinetCrypto
public import CabinetModel

/// A member with what it signs ballots with: a key in a file today, a smart card or a tablet's secure
/// hardware where a `Signer` of CabinetCrypto is made for it.
public struct BallotSigner: Sendable {
    public let member: PrincipalID
    public let signer: any Signer
    /// The one that the directory has for the member. Its key is the signer's.
    public let certificate: SignerCertificate

    /// - Throws: ``BallotSignerError/otherKey`` where the certificate is not one of the signer's key.
    public init(
        _ member: PrincipalID,
        signer: any Signer,
        certificate: SignerCertificate
    ) throws(BallotSignerError) {
        guard certificate.publicKey == signer.publicKey else { throw .otherKey }
        self.member = member
        self.signer = signer
        self.certificate = certificate
    }

    /// A member whose key is in memory.
    ///
    /// - Parameters:
    ///   - member: Whose ballots are signed.
    ///   - privateKeyPEM: Not encrypted.
    ///   - certificatePEM: Its first certificate is taken.
    /// - Throws: ``BallotSignerError``.
    public init(
        _ member: PrincipalID,
        privateKeyPEM: String,
        certificatePEM: String
    ) throws(BallotSignerError) {
        let key: PrivateKey
        do throws(KeyError) {
            key = try PrivateKey(pem: privateKeyPEM)
        } catch {
            throw .key(error)
        }
        let certificate: SignerCertificate
        do throws(KeyError) {
            certificate = try SignerCertificate(pem: certificatePEM)
        } catch {
            throw .certificate(error)
        }
        try self.init(member, signer: key, certificate: certificate)
    }
}

/// Why nobody can sign with a key and a certificate.
public enum BallotSignerError: Error, Hashable, Sendable {
    /// The private key cannot be read.
    case key(KeyError)
    /// The certificate cannot be read.
    case certificate(KeyError)
    /// The certificate is of another key.
    case otherKey
}

extension BallotSignerError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .key(let error): "the signing key: \(error)"
        case .certificate(let error): "the signing certificate: \(error)"
        case .otherKey: "the signing certificate is not one of the signing key"
        }
    }
}
