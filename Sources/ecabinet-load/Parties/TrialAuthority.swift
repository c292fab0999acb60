import CabinetCrypto
import CabinetLedger
import Foundation

/// Issues the certificates of people and devices, as the throw-away authority of a trial.
struct TrialAuthority: Sendable {
    /// Path of its own certificate, in PEM.
    let certificateFile: String
    private let key: PrivateKey
    /// The DER encoding of its Name (RFC 5280, section 4.1.2.4).
    private let name: [UInt8]

    /// - Parameter pki: Its folder; see ``ThrowawayPKI``.
    /// - Throws: ``Failure`` where it holds no authority with its key.
    init(_ pki: ThrowawayPKI) throws {
        certificateFile = pki.folder.appending(path: "ca.pem").path
        let keyFile = pki.folder.appending(path: "ca.key").path
        do {
            let certificate = try SignerCertificate(
                pem: String(contentsOfFile: certificateFile, encoding: .utf8)
            )
            // It has signed its own certificate.
            name = certificate.issuer
            key = try PrivateKey(pem: String(contentsOfFile: keyFile, encoding: .utf8))
            guard key.publicKey == certificate.publicKey else {
                throw Failure(.wrongFile, "\(keyFile) is not the key of \(certificateFile)")
            }
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(
                .wrongFile,
                "\(certificateFile) and \(keyFile), which issue certificates, cannot be used: \(error)"
            )
        }
    }

    /// A certificate of somebody's key in DER (RFC 5280), valid from 2019 to 2049.
    func issue(_ key: PublicKey, to subject: String) throws -> [UInt8] {
        let validity = DER.sequence(DER.time("190101000000Z"), DER.time("491231235959Z"))
        let version = DER.tagged(0, DER.integer(2))
        let algorithm = DER.sequence(DER.identifier(1, 2, 840, 10_045, 4, 3, 2))
        let serial = (0..<16).map { _ in UInt8.random(in: .min ... .max) }
        let contents = DER.sequence(
            version,
            // With the one in front it is positive and as short as DER asks, whatever follows.
            DER.element(0x02, [1] + serial),
            algorithm,
            name,
            validity,
            DER.commonName(subject),
            key.subjectPublicKeyInfo,
            DER.tagged(3, DER.sequence(DER.noAuthority))
        )
        let signature = try self.key.sign(contents)
        return DER.sequence(contents, algorithm, DER.element(0x03, [0] + signature))
    }
}

extension DER {
    fileprivate static func time(_ text: String) -> [UInt8] { element(0x17, Array(text.utf8)) }

    fileprivate static func commonName(_ text: String) -> [UInt8] {
        sequence(set(sequence(identifier(2, 5, 4, 3), element(0x0c, Array(text.utf8)))))
    }

    /// The extension that says of a certificate that it is no authority's, critical.
    fileprivate static let noAuthority = sequence(
        identifier(2, 5, 29, 19),
        element(0x01, [0xff]),
        octetString(sequence())
    )
}
