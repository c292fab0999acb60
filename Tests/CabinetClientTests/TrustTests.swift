import BallotTestSupport
import CabinetClient
import CabinetCrypto
import CabinetLedger
import ModelTestSupport
import Testing

/// What a client is told to trust.
@Suite struct TrustTests {
    @Test("An installation is written as a verifier key, and knows the keys of its logs")
    func installation() throws {
        let key = try Ed25519PrivateKey.generate().ed25519PublicKey
        let name = try #require(NoteKeyName("cabinet.example"))
        let installation = TrustedInstallation(name: name, publicKey: key)
        #expect(try TrustedInstallation(parsing: installation.text) == installation)
        // As the server's file has it, and one that was edited on another system.
        for end in ["\n", "\r\n"] {
            #expect(try TrustedInstallation(parsing: installation.text + end) == installation)
        }
        let log = try #require(installation.log(of: "2019-06-24"))
        #expect(log.origin.text == "cabinet.example/2019-06-24")
        #expect(log.key.publicKey == key)
        #expect(throws: VerifierKeyError.malformed) {
            try TrustedInstallation(parsing: "cabinet.example")
        }
    }

    @Test("A signer has the certificate of its own key")
    func signer() throws {
        let authority = try TestAuthority()
        let certificate = try SignerCertificate(
            der: authority.issue(TestKeys.p256.publicKey)
        )
        #expect(throws: Never.self) {
            try BallotSigner("m1", signer: TestKeys.p256, certificate: certificate)
        }
        #expect(throws: BallotSignerError.otherKey) {
            try BallotSigner("m1", signer: TestKeys.otherP256, certificate: certificate)
        }
        let pem = try authority.pem()
        #expect(throws: BallotSignerError.otherKey) {
            try BallotSigner("m1", privateKeyPEM: TestKeys.p256.pem(), certificatePEM: pem)
        }
        #expect(throws: BallotSignerError.self) {
            try BallotSigner("m1", privateKeyPEM: pem, certificatePEM: pem)
        }
    }
}
