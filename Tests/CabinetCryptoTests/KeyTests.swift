import CabinetCrypto
import Testing

@Suite struct KeyTests {
    @Test(
        "What a new key signs verifies with its public key",
        arguments: SignatureAlgorithm.allCases
    )
    func signAndVerify(algorithm: SignatureAlgorithm) async throws {
        let key = try PrivateKey.generate(algorithm)
        let signer: any Signer = key
        for count in [0, 1, 64, 12_288] {
            let message = [UInt8](repeating: 0x5a, count: count)
            let signature = try await signer.sign(message)
            try key.publicKey.verify(signature, over: message)
            try key.publicKey.verify(signature, over: message, algorithm: algorithm)
            #expect(throws: SignatureError.self) {
                try key.publicKey.verify(signature, over: message + [0])
            }
        }
    }

    @Test("A key survives PEM and its SubjectPublicKeyInfo", arguments: SignatureAlgorithm.allCases)
    func roundTrip(algorithm: SignatureAlgorithm) throws {
        let key = try PrivateKey.generate(algorithm)
        let again = try PrivateKey(pem: key.pem())
        #expect(again.publicKey == key.publicKey)
        let encoded = key.publicKey.subjectPublicKeyInfo
        let publicKey = try PublicKey(subjectPublicKeyInfo: encoded)
        #expect(publicKey == key.publicKey)
        #expect(publicKey.fingerprint == SHA256.digest(of: encoded))
        try publicKey.verify(again.sign([1]), over: [1])
    }

    @Test("A signature that claims another algorithm is refused before it is looked at")
    func claimedAlgorithm() throws {
        let key = try PrivateKey.generate(.ed25519)
        let signature = try key.sign([])
        #expect(
            throws: SignatureError.wrongAlgorithm(claimed: .ecdsaP256SHA256, key: .ed25519)
        ) {
            try key.publicKey.verify(signature, over: [], algorithm: .ecdsaP256SHA256)
        }
    }

    @Test("A signature of another length is refused, whatever it holds")
    func signatureLength() throws {
        for algorithm in SignatureAlgorithm.allCases {
            let key = try PrivateKey.generate(algorithm).publicKey
            let allowed = key.signatureByteCount
            for byteCount in [0, allowed.lowerBound - 1, allowed.upperBound + 1, 100_000] {
                #expect(
                    throws: SignatureError.wrongLength(byteCount: byteCount, allowed: allowed)
                ) {
                    try key.verify([UInt8](repeating: 0x30, count: byteCount), over: [])
                }
            }
        }
    }

    @Test("No cut, added or changed byte of a SubjectPublicKeyInfo gives the same key")
    func mutatedEncoding() throws {
        for algorithm in [SignatureAlgorithm.ecdsaP256SHA256, .ed25519] {
            let key = try PrivateKey.generate(algorithm).publicKey
            let encoded = key.subjectPublicKeyInfo
            #expect(throws: KeyError.self) {
                try PublicKey(subjectPublicKeyInfo: encoded + [0])
            }
            for index in encoded.indices {
                #expect(throws: KeyError.self) {
                    try PublicKey(subjectPublicKeyInfo: Array(encoded[..<index]))
                }
                for bit in 0..<8 {
                    var changed = encoded
                    changed[index] ^= 1 << UInt8(bit)
                    let other = try? PublicKey(subjectPublicKeyInfo: changed)
                    #expect(other != key)
                }
            }
        }
    }

    @Test("Ed25519 agrees with RFC 8032, section 7.1, tests 1 to 3")
    func rfc8032() throws {
        let tests = [
            (
                seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                key: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                message: "",
                signature: "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                    + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
            ),
            (
                seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                key: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
                message: "72",
                signature: "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                    + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
            ),
            (
                seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
                key: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
                message: "af82",
                signature: "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                    + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
            ),
        ]
        for test in tests {
            let key = try Ed25519PrivateKey(seed: bytes(test.seed))
            #expect(key.ed25519PublicKey.bytes == bytes(test.key))
            #expect(try key.sign(bytes(test.message)) == bytes(test.signature))
            let publicKey = try Ed25519PublicKey(bytes(test.key))
            try publicKey.verify(bytes(test.signature), over: bytes(test.message))
        }
    }

    @Test("Ed25519 keys have 32 bytes, seeds too")
    func ed25519Lengths() {
        for count in [0, 31, 33] {
            let short = [UInt8](repeating: 1, count: count)
            #expect(
                throws: KeyError.wrongLength(.ed25519PublicKey, byteCount: count, expected: 32)
            ) { try Ed25519PublicKey(short) }
            #expect(throws: KeyError.wrongLength(.ed25519Seed, byteCount: count, expected: 32)) {
                try Ed25519PrivateKey(seed: short)
            }
        }
    }

    @Test(
        "Ed25519 points that are not reduced or have small order are refused",
        arguments: [
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000080",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        ]
    )
    func ed25519Points(point: String) {
        #expect(throws: KeyError.ed25519PointUnacceptable) { try Ed25519PublicKey(bytes(point)) }
    }

    @Test("A key of another algorithm does not become an Ed25519 key")
    func wrongAlgorithm() throws {
        let pem = try PrivateKey.generate(.ecdsaP256SHA256).pem()
        #expect(
            throws: KeyError.wrongAlgorithm(found: .ecdsaP256SHA256, expected: .ed25519)
        ) { try Ed25519PrivateKey(pem: pem) }
    }
}
