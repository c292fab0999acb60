import CabinetCrypto
import TLSTestSupport
import TestSupport
import Testing

@testable import CabinetPKI

/// Certificates and lists as other software reads them.
@Suite struct CertificateTests {
    private static let begin: Int64 = 1_561_334_400

    private func authority(
        _ validity: ClosedRange<Int64> = begin...begin + 86_400
    ) throws -> CertificateAuthority {
        try CertificateAuthority.create(
            DistinguishedName(organization: "O", commonName: "A"),
            key: PrivateKey.generate(.ecdsaP256SHA256),
            validity: validity
        )
    }

    @Test("Times are those of the calendar, on every day of eight hundred years")
    func times() throws {
        // Counted day by day, as a calendar on paper is.
        var (year, month, day) = (1_970, 1, 1)
        for number in 0..<(800 * 366) {
            let der = try CertificateTime.der(Int64(number) * 86_400 + 86_399)
            let date = String(format(year, 4).suffix(year < 2_050 ? 2 : 4))
            let expected = "\(date)\(format(month, 2))\(format(day, 2))235959Z"
            #expect(String(decoding: der.dropFirst(2), as: UTF8.self) == expected)
            guard der.first == (year < 2_050 ? 0x17 : 0x18) else {
                Issue.record("\(year): a time of the wrong type")
                return
            }
            day += 1
            if day > days(of: month, year) { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
        }
    }

    private func format(_ number: Int, _ count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: count - text.count) + text
    }

    private func days(of month: Int, _ year: Int) -> Int {
        let isLeap =
            year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    @Test("Times that there is no form for are refused", arguments: [-1, 253_402_300_800])
    func noTime(_ seconds: Int64) {
        #expect(throws: IssuingError.invalidTime(seconds)) { try CertificateTime.der(seconds) }
    }

    @Test("A certificate says what was asked for, and its authority has issued it")
    func issues() throws {
        let authority = try authority()
        let key = try PrivateKey.generate(.ecdsaP256SHA256)
        let serial = SerialNumber.random()
        let certificate = try authority.issue(
            .signing,
            to: DistinguishedName(organization: "Chính phủ", commonName: "Bộ trưởng"),
            key: key.publicKey,
            serial: serial,
            validity: Self.begin...Self.begin + 3_600
        )
        #expect(certificate.publicKey == key.publicKey)
        #expect(certificate.validUnixSeconds == Self.begin..<Self.begin + 3_601)
        #expect(certificate.isForSignatures)
        #expect(!authority.certificate.isForSignatures)
        let issuers = try TrustedIssuers(pem: PEM.text("CERTIFICATE", authority.certificate.der))
        #expect(issuers.haveIssued(certificate))
        let summary = try #require(CertificateSummary(der: certificate.der))
        #expect(summary.subject == "CN=Bộ trưởng,O=Chính phủ")
        #expect(summary.issuer == "CN=A,O=O")
        #expect(summary.serial == serial.text)
    }

    @Test("Keys of other curves and other authorities' keys do not issue")
    func otherKeys() throws {
        let authority = try authority()
        let other = try PrivateKey.generate(.ecdsaP256SHA256)
        #expect(throws: IssuingError.otherKey) {
            try CertificateAuthority(certificate: authority.certificate, key: other)
        }
        let edwards = try PrivateKey.generate(.ed25519)
        #expect(throws: IssuingError.notP256) {
            try CertificateAuthority.create(
                DistinguishedName(organization: "O", commonName: "A"),
                key: edwards,
                validity: 0...1
            )
        }
        #expect(throws: IssuingError.outlivesAuthority) {
            try authority.issue(
                .device,
                to: DistinguishedName(organization: "O", commonName: "D"),
                key: other.publicKey,
                validity: Self.begin...Self.begin + 86_401
            )
        }
    }

    @Test(
        "Hosts are names and addresses, and nothing else",
        arguments: [
            ("localhost", true), ("cabinet.example", true), ("a-b.c1", true), ("127.0.0.1", true),
            ("::1", true), ("2001:db8::1", true), ("", false), ("-a", false), ("a..b", false),
            ("a,b", false), ("a b", false), ("*.example", false), ("1.2.3", false),
            ("256.0.0.1", false), ("ệ.vn", false), (String(repeating: "a", count: 64), false),
        ]
    )
    func hosts(_ text: String, _ isHost: Bool) {
        #expect(((try? HostName(text)) != nil) == isHost)
    }

    @Test(
        "Names have 1 to 64 characters, none of control",
        arguments: ["", "a\u{7}", String(repeating: "ệ", count: 65)]
    )
    func names(_ name: String) {
        #expect(throws: IssuingError.invalidName(name)) {
            try DistinguishedName(organization: "O", commonName: name)
        }
    }

    @Test("Serial numbers are read as they are written")
    func serials() {
        for _ in 0..<100 {
            let serial = SerialNumber.random()
            #expect(SerialNumber(serial.text) == serial)
        }
        for text in ["", "0", "00", "80", "+1", "zz", String(repeating: "11", count: 21)] {
            #expect(SerialNumber(text) == nil, "\(text)")
        }
    }

    @Test("openssl reads lists of any number, empty or not")
    func lists() throws {
        let authority = try authority()
        for number in [UInt64(0), 127, 128, 255, 256, 1 << 63, .max] {
            let revoked = number == 0 ? [] : [Revocation(.random(), at: Self.begin, .superseded)]
            let list = try authority.revocationList(
                revoked,
                number: number,
                validity: Self.begin...Self.begin + 60
            )
            let read = try run(
                "/usr/bin/env",
                ["openssl", "crl", "-noout", "-text"],
                input: PEM.text("X509 CRL", list)
            )
            #expect(read.status == 0, "\(read.output)")
            let digits = String(number, radix: 16, uppercase: true)
            #expect(
                read.output.contains("\(number)\n")
                    || read.output.contains(
                        "0x" + (digits.count.isMultiple(of: 2) ? "" : "0") + digits
                    )
            )
            #expect(read.output.contains(revoked.isEmpty ? "No Revoked" : "Superseded"))
        }
    }
}
