import COpenSSL
import Testing

@testable import CabinetCrypto

/// TLS sessions read the error queue of the same thread: what is left in it becomes their error.
@Suite struct ErrorQueueTests {
    @Test("Nothing that fails or succeeds leaves an error in the thread's queue")
    func hygiene() throws {
        func isEmptyAfter(_ body: () throws -> Void) -> Bool {
            try? body()
            return ErrorQueue.drain(after: "nothing").code == 0
        }
        for algorithm in SignatureAlgorithm.allCases {
            let key = try PrivateKey.generate(algorithm)
            let publicKey = key.publicKey
            let signature = try key.sign([1])
            var changed = signature
            changed[1] ^= 0xff
            #expect(isEmptyAfter { _ = try key.sign([1]) })
            #expect(isEmptyAfter { try publicKey.verify(signature, over: [1]) })
            #expect(isEmptyAfter { try publicKey.verify(signature, over: [2]) })
            #expect(isEmptyAfter { try publicKey.verify(changed, over: [1]) })
            #expect(isEmptyAfter { _ = try PrivateKey(pem: key.pem()) })
            let encoded = publicKey.subjectPublicKeyInfo
            #expect(isEmptyAfter { _ = try PublicKey(subjectPublicKeyInfo: encoded) })
            #expect(isEmptyAfter { _ = try PublicKey(subjectPublicKeyInfo: encoded + [0]) })
            #expect(isEmptyAfter { _ = try PublicKey(subjectPublicKeyInfo: encoded.dropLast()) })
        }
        #expect(isEmptyAfter { _ = try PublicKey(certificate: [0x30, 0x03, 0, 0, 0]) })
        #expect(isEmptyAfter { _ = try PublicKey(pem: "") })
        #expect(isEmptyAfter { _ = try PrivateKey(pem: "-----BEGIN PRIVATE KEY-----\n") })
    }

    @Test("An error that somebody else left behind changes nothing")
    func leftBehind() throws {
        let key = try PrivateKey.generate(.ecdsaP256SHA256)
        let signature = try key.sign([1])
        func leaveError() { _ = decodeDER([0x30]) { d2i_PUBKEY(nil, $0, $1) } }
        leaveError()
        try key.publicKey.verify(signature, over: [1])
        leaveError()
        #expect(throws: SignatureError.mismatch) {
            try key.publicKey.verify(signature, over: [2])
        }
        leaveError()
        _ = try PrivateKey(pem: key.pem())
    }
}
