import CabinetCrypto
import Testing

@Suite(.enabled(if: Vectors.arePresent, Vectors.absence))
struct WycheproofTests {
    @Test(
        "Every valid signature verifies and no invalid one does",
        arguments: [
            ("ecdsa_secp256r1_sha256_test", SignatureAlgorithm.ecdsaP256SHA256, 484),
            ("rsa_pss_2048_sha256_mgf1_32_test", .rsaPSSSHA256, 108),
            ("ed25519_test", .ed25519, 151),
        ]
    )
    func signatures(name: String, algorithm: SignatureAlgorithm, expectedCount: Int) throws {
        let vectors = try Wycheproof(name)
        var count = 0
        var counts: [Wycheproof.Case.Result: Int] = [:]
        for group in vectors.testGroups {
            let key = try PublicKey(subjectPublicKeyInfo: bytes(group.publicKeyDer))
            #expect(key.algorithm == algorithm)
            for test in group.tests {
                count += 1
                counts[test.result, default: 0] += 1
                let isAccepted = verifies(test, with: key)
                switch test.result {
                case .valid: #expect(isAccepted, "\(name) \(test.tcId): \(test.comment)")
                case .invalid: #expect(!isAccepted, "\(name) \(test.tcId): \(test.comment)")
                case .acceptable:
                    print("acceptable \(name) \(test.tcId), \(test.comment): \(isAccepted)")
                }
            }
        }
        #expect(count == vectors.numberOfTests)
        #expect(count == expectedCount)
        print("\(name): \(counts)")
    }

    @Test("No valid signature verifies over another message or with a bit changed")
    func neighbours() throws {
        for name in ["ecdsa_secp256r1_sha256_test", "ed25519_test"] {
            for group in try Wycheproof(name).testGroups {
                let key = try PublicKey(subjectPublicKeyInfo: bytes(group.publicKeyDer))
                for test in group.tests where test.result == .valid {
                    var signature = bytes(test.sig)
                    let message = bytes(test.msg)
                    #expect(throws: SignatureError.self) {
                        try key.verify(signature, over: message + [0])
                    }
                    let index = (test.tcId * 7) % signature.count
                    signature[index] ^= 1 << UInt8(test.tcId % 8)
                    #expect(throws: SignatureError.self) {
                        try key.verify(signature, over: message)
                    }
                }
            }
        }
    }

    private func verifies(_ test: Wycheproof.Case, with key: PublicKey) -> Bool {
        do {
            try key.verify(bytes(test.sig), over: bytes(test.msg))
            return true
        } catch {
            return false
        }
    }
}
