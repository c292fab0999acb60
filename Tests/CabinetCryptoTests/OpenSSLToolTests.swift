import CabinetCrypto
import Foundation
import Testing

/// What OpenSSL's own command makes is read here, and the other way round.
@Suite(.enabled(if: Tool.openssl != nil, "there is no openssl command"))
struct OpenSSLToolTests {
    @Test(
        "A certificate and its PEM give the key that openssl sees in them",
        arguments: [
            (
                ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
                SignatureAlgorithm.ecdsaP256SHA256
            ),
            (["-newkey", "rsa:2048"], .rsaPSSSHA256),
            (["-newkey", "ed25519"], .ed25519),
        ]
    )
    func certificates(arguments: [String], algorithm: SignatureAlgorithm) throws {
        let folder = try Folder()
        try folder.openssl(
            ["req", "-x509", "-nodes", "-keyout", "key", "-out", "certificate", "-subj", "/CN=a"]
                + arguments
        )
        try folder.openssl(["x509", "-in", "certificate", "-outform", "DER", "-out", "der"])
        try folder.openssl(["x509", "-in", "certificate", "-noout", "-pubkey", "-out", "public"])
        try folder.openssl(["pkey", "-pubin", "-in", "public", "-outform", "DER", "-out", "spki"])

        let key = try PublicKey(pem: folder.text("certificate"))
        #expect(key.algorithm == algorithm)
        #expect(try key.subjectPublicKeyInfo == folder.bytes("spki"))
        #expect(try PublicKey(certificate: folder.bytes("der")) == key)
        #expect(try PublicKey(pem: folder.text("public")) == key)
        #expect(try PrivateKey(pem: folder.text("key")).publicKey == key)

        let certificate = try folder.bytes("der")
        #expect(throws: KeyError.trailingBytes(.certificate, offset: certificate.count)) {
            try PublicKey(certificate: certificate + [0])
        }
        for count in stride(from: 0, to: certificate.count, by: 7) {
            #expect(throws: KeyError.self) {
                try PublicKey(certificate: Array(certificate[..<count]))
            }
        }
    }

    @Test("openssl verifies what is signed here", arguments: SignatureAlgorithm.allCases)
    func exportedSignature(algorithm: SignatureAlgorithm) throws {
        let folder = try Folder()
        let key = try PrivateKey.generate(algorithm)
        let message = Array("e-cabinet/ballot/v1\nstatement".utf8)
        try folder.write(key.pem(), "key")
        try folder.write(message, "message")
        try folder.write(key.sign(message), "signature")
        try folder.openssl(["pkey", "-in", "key", "-pubout", "-out", "public"])
        switch algorithm {
        case .ed25519:
            try folder.openssl([
                "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", "public",
                "-sigfile", "signature", "-in", "message",
            ])
        case .ecdsaP256SHA256:
            try folder.openssl([
                "dgst", "-sha256", "-verify", "public", "-signature", "signature", "message",
            ])
        case .rsaPSSSHA256:
            try folder.openssl([
                "dgst", "-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt",
                "rsa_pss_saltlen:32", "-verify", "public", "-signature", "signature", "message",
            ])
        }
    }

    @Test("An RSA-PSS signature with another salt or padding is refused")
    func otherPadding() throws {
        let folder = try Folder()
        try folder.write([1, 2, 3], "message")
        try folder.openssl(["genrsa", "-out", "key", "2048"])
        let key = try PrivateKey(pem: folder.text("key")).publicKey
        func sign(_ options: [String]) throws -> [UInt8] {
            try folder.openssl(
                ["dgst", "-sha256", "-sign", "key", "-out", "signature"] + options + ["message"]
            )
            return try folder.bytes("signature")
        }
        let pss = ["-sigopt", "rsa_padding_mode:pss", "-sigopt"]
        try key.verify(sign(pss + ["rsa_pss_saltlen:32"]), over: [1, 2, 3])
        for options in [[], pss + ["rsa_pss_saltlen:20"], pss + ["rsa_pss_saltlen:222"]] {
            let signature = try sign(options)
            #expect(throws: SignatureError.self) { try key.verify(signature, over: [1, 2, 3]) }
        }
    }

    @Test("Keys outside the limits are refused by name")
    func refusedKeys() throws {
        let folder = try Folder()
        func key(_ arguments: [String]) throws -> String {
            try folder.openssl(["genpkey", "-out", "key"] + arguments)
            return try folder.text("key")
        }
        _ = try key(["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"])
        try folder.openssl(["ec", "-in", "key", "-out", "traditional"])
        #expect(
            try PrivateKey(pem: folder.text("traditional")).publicKey
                == PrivateKey(pem: folder.text("key")).publicKey
        )
        try folder.openssl([
            "ec", "-in", "key", "-pubout", "-conv_form", "compressed", "-out", "compressed",
        ])
        #expect(throws: KeyError.notCanonical) { try PublicKey(pem: folder.text("compressed")) }
        let explicit = try key([
            "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt",
            "ec_param_enc:explicit",
        ])
        #expect(throws: KeyError.self) { try PrivateKey(pem: explicit) }
        let p384 = try key(["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"])
        #expect(throws: KeyError.unsupportedKind("EC on another curve than P-256")) {
            try PrivateKey(pem: p384)
        }
        let x25519 = try key(["-algorithm", "X25519"])
        #expect(throws: KeyError.unsupportedKind("X25519")) { try PrivateKey(pem: x25519) }
        let rsa1024 = try key(["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"])
        #expect(throws: KeyError.rsaModulusSize(bits: 1_024)) { try PrivateKey(pem: rsa1024) }
        let exponent3 = try key([
            "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-pkeyopt",
            "rsa_keygen_pubexp:3",
        ])
        #expect(throws: KeyError.rsaExponentUnacceptable) { try PrivateKey(pem: exponent3) }
        let encrypted = try key(["-algorithm", "ED25519", "-aes-256-cbc", "-pass", "pass:secret"])
        #expect(throws: KeyError.encrypted) { try PrivateKey(pem: encrypted) }
    }

    @Test("A PEM text that holds no key is refused with what it holds")
    func wrongPEM() throws {
        #expect(throws: KeyError.unexpectedPEMLabel(.publicKeyPEM, label: "")) {
            try PublicKey(pem: "")
        }
        #expect(throws: KeyError.unexpectedPEMLabel(.privateKeyPEM, label: "")) {
            try PrivateKey(pem: "no key")
        }
        let pem = try PrivateKey.generate(.ed25519).pem()
        #expect(throws: KeyError.unexpectedPEMLabel(.publicKeyPEM, label: "PRIVATE KEY")) {
            try PublicKey(pem: pem)
        }
        let long = String(repeating: "x", count: KeyLimits.maximumPEMBytes + 1)
        #expect(throws: KeyError.self) { try PublicKey(pem: long) }
        #expect(throws: KeyError.self) { try PrivateKey(pem: String(pem.dropLast(30))) }
    }
}
