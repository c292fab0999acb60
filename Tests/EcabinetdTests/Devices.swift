import CabinetCrypto
import CabinetTLS
import Foundation
import TLSTestSupport

/// Certificates of devices, of the authority of the tests, which are made for a test.
struct Devices {
    private let folder: TemporaryFolder

    init(_ names: [String], in folder: TemporaryFolder) throws {
        self.folder = folder
        let pki = PKI.shared
        let script = #"""
            exec 2>&1
            echo extendedKeyUsage = clientAuth > client.cnf
            for name in $NAMES; do
                openssl ecparam -name prime256v1 -genkey -noout -out $name.key
                openssl req -new -key $name.key -subj /CN=$name -out $name.csr
                openssl x509 -req -in $name.csr -CA $CA.pem -CAkey $CA.key -days 30 \
                    -set_serial 0x$(openssl rand -hex 8) -extfile client.cnf -out $name.pem
            done
            """#
        let (status, output) = try run(
            "/bin/bash",
            [
                "-ec",
                "CA=\(pki.path("ca")); NAMES='\(names.joined(separator: " "))'\n\(script)",
            ],
            in: folder.path
        )
        precondition(status == 0, "making certificates failed: \(output)")
    }

    func context(_ name: String) throws -> TLSClientContext {
        try TLSClientContext(
            TLSFiles(
                certificateChain: folder.path("\(name).pem"),
                privateKey: folder.path("\(name).key"),
                trustedAuthorities: PKI.shared.path("ca.pem")
            )
        )
    }

    /// The certificate, in DER.
    func certificate(_ name: String) throws -> [UInt8] {
        try SignerCertificate(pem: folder.text(of: "\(name).pem")).der
    }
}
