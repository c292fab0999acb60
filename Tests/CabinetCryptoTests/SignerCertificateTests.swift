import CabinetCrypto
import Testing

@Suite struct SignerCertificateTests {
    /// A certificate that says of itself what it is for.
    private func certificate(_ extensions: [String]) throws -> SignerCertificate {
        let folder = try Folder()
        try folder.openssl(
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-subj", "/CN=M", "-days", "30", "-keyout", "key.pem", "-out", "certificate.pem",
                "-config", "/dev/null",
            ] + extensions.flatMap { ["-addext", $0] }
        )
        return try SignerCertificate(pem: folder.text("certificate.pem"))
    }

    @Test(
        "A certificate is for signatures unless it is an authority's or says that it is for other things",
        .enabled(if: Tool.openssl != nil, "the openssl command is not there"),
        arguments: [
            ([], true),
            (["basicConstraints=critical,CA:FALSE"], true),
            (["keyUsage=critical,digitalSignature"], true),
            (["keyUsage=nonRepudiation"], true),
            (["keyUsage=digitalSignature,keyAgreement", "extendedKeyUsage=clientAuth"], true),
            (["keyUsage=critical,keyAgreement"], false),
            (["keyUsage=keyEncipherment,dataEncipherment"], false),
            (["basicConstraints=critical,CA:TRUE"], false),
            (["basicConstraints=critical,CA:TRUE", "keyUsage=digitalSignature"], false),
            (["keyUsage=keyCertSign,cRLSign"], false),
        ] as [([String], Bool)]
    )
    func use(_ extensions: [String], _ isForSignatures: Bool) throws {
        #expect(try certificate(extensions).isForSignatures == isForSignatures)
    }
}
