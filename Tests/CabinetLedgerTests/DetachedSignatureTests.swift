import CabinetCrypto
import CabinetLedger
import Foundation
import Testing

/// What is exported verifies with a program that is not ours.
@Suite struct DetachedSignatureTests {
    private static let content = Array("e-cabinet/ballot/v1\nstatement\n\r\n\0".utf8)

    /// A certificate by the openssl command line, and its key.
    private func signer(
        _ algorithm: SignatureAlgorithm,
        in folder: TemporaryFolder
    ) throws -> (SignerCertificate, PrivateKey) {
        let key = try PrivateKey.generate(algorithm)
        try folder.write(Array(key.pem().utf8), "key.pem")
        #expect(
            try folder.openssl(
                "req -x509 -new -key key.pem -subj /O=Chính-phủ/CN=minister-1 -utf8 -days 30"
                    + " -set_serial 0xdeadbeef00112233 -out certificate.pem"
            )
        )
        #expect(try folder.openssl("x509 -in certificate.pem -outform DER -out certificate.der"))
        return (try SignerCertificate(der: folder.read("certificate.der")), key)
    }

    private func verify(in folder: TemporaryFolder) throws -> Bool {
        try folder.openssl(
            "cms -verify -binary -inform DER -in ballot.p7s -content content -CAfile certificate.pem"
                + " -purpose any -out verified"
        )
    }

    @Test(
        "openssl cms verifies the exported signature, and no other content",
        arguments: [SignatureAlgorithm.ecdsaP256SHA256, .rsaPSSSHA256]
    )
    func verifies(_ algorithm: SignatureAlgorithm) throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let (certificate, key) = try signer(algorithm, in: folder)
        let signature = DetachedSignature(
            certificate: certificate,
            signature: try key.sign(Self.content)
        )
        try folder.write(signature.der, "ballot.p7s")
        try folder.write(Self.content, "content")
        #expect(try verify(in: folder))
        #expect(try folder.read("verified") == Self.content)
        try folder.write(Self.content + [0], "content")
        #expect(try !verify(in: folder))
    }

    @Test(
        "What openssl prints of the file is what was put in",
        arguments: SignatureAlgorithm.allCases
    )
    func structure(_ algorithm: SignatureAlgorithm) throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let (certificate, key) = try signer(algorithm, in: folder)
        let signature = DetachedSignature(
            certificate: certificate,
            signature: try key.sign(Self.content)
        )
        try folder.write(signature.der, "ballot.p7s")
        #expect(
            try folder.openssl("cms -cmsout -print -inform DER -in ballot.p7s -out printed")
        )
        let printed = String(decoding: try folder.read("printed"), as: UTF8.self)
        #expect(printed.contains("pkcs7-signedData"))
        #expect(printed.contains("eContent: <ABSENT>"))
        // The serial number, once in the certificate and once where the signer is named.
        #expect(printed.components(separatedBy: "16045690981098529331").count == 3)
        #expect(try folder.openssl("asn1parse -inform DER -in ballot.p7s"))
    }
}

/// A folder for a test, with the openssl command in it.
private struct TemporaryFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "cabinet-ledger-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    func write(_ bytes: [UInt8], _ name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    }

    func read(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")))
    }

    /// - Returns: Whether it succeeded.
    func openssl(_ arguments: String) throws -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments.split(separator: " ").map(String.init)
        process.currentDirectoryURL = URL(fileURLWithPath: path)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
