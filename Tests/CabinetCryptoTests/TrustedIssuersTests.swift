import CabinetCrypto
import Foundation
import TLSTestSupport
import Testing

@Suite struct TrustedIssuersTests {
    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: PKI.shared.path(name), encoding: .utf8)
    }

    private func certificate(_ name: String) throws -> SignerCertificate {
        let lines = try text(name).split(separator: "\n").filter { !$0.hasPrefix("-----") }
        let der = try #require(Data(base64Encoded: lines.joined()))
        return try SignerCertificate(der: Array(der))
    }

    @Test("Who was issued a certificate by an authority in the file is known, whatever the time")
    func issued() throws {
        let one = try TrustedIssuers(pem: text("ca.pem"))
        let both = try TrustedIssuers(pem: text("cas.pem"))
        for name in ["client.pem", "past.pem", "future.pem", "plain.pem"] {
            #expect(one.haveIssued(try certificate(name)))
            #expect(both.haveIssued(try certificate(name)))
        }
        let stranger = try certificate("stranger.pem")
        #expect(!one.haveIssued(stranger))
        #expect(both.haveIssued(stranger))
        // The authority between is not in the file.
        #expect(!both.haveIssued(try certificate("deepleaf.pem")))
    }

    @Test("A file without a certificate, or with a broken one, is refused")
    func refused() throws {
        for name in ["nothing.pem", "broken.pem", "client.key"] {
            #expect(throws: KeyError.self) { try TrustedIssuers(pem: text(name)) }
        }
        #expect(throws: KeyError.self) { try TrustedIssuers(pem: "") }
        #expect(throws: KeyError.self) {
            try TrustedIssuers(pem: text("ca.pem") + text("broken.pem"))
        }
    }
}
