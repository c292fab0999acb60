import CabinetCrypto
import CabinetPKI
import Foundation
import Testing

@testable import ecabinet

/// `ecabinet pki`.
@Suite struct PKITests {
    private let folder = TestFolder()
    private var pki: String { folder.path("pki") }

    private func run(_ arguments: [String]) async throws -> Ecabinet.Outcome {
        try await Ecabinet.run(["pki"] + arguments + ["--pki", pki])
    }

    private func openssl(_ command: String) async throws -> Ecabinet.Outcome {
        try await RunningShell.run("cd \(pki) && openssl \(command) 2>&1")
    }

    @Test("Certificates and lists hold for openssl, each for its purpose, until they are revoked")
    func life() async throws {
        let created = try await run(["create"])
        #expect(created.status == 0, "\(created)")
        #expect(created.errors.contains("warning: these certificates are for a trial alone"))
        let again = try await Ecabinet.run([
            "pki", "create", "--pki", folder.path("json"), "--json",
        ])
        #expect(try again.json()["done"] == .string("CREATED"))
        #expect(
            try again.errorLines().map { $0["warning"]?["reason"] }
                == [.string("TRIAL_CERTIFICATES")]
        )
        for arguments in [
            ["issue", "server", "cabinet", "--host", "cabinet.example", "--host", "::1"],
            ["issue", "device", "tablet-1", "tablet-2"],
            ["issue", "member", "m1", "--common-name", "Nguyễn Văn A, «m1»"],
        ] {
            let outcome = try await run(arguments)
            #expect(outcome.status == 0, "\(outcome)")
        }
        for (purpose, file) in [
            ("sslserver", "servers/cabinet.pem"), ("sslclient", "devices/tablet-1.pem"),
            ("smimesign", "members/m1.pem"),
        ] {
            let verified = try await openssl(
                "verify -x509_strict -crl_check -CRLfile crl.pem -CAfile ca.pem -purpose \(purpose) \(file)"
            )
            #expect(verified.output == "\(file): OK\n")
        }
        let wrong = try await openssl(
            "verify -CAfile ca.pem -purpose sslclient servers/cabinet.pem"
        )
        #expect(wrong.status != 0)
        let server = try await openssl("x509 -in servers/cabinet.pem -noout -ext subjectAltName")
        #expect(server.output.contains("DNS:cabinet.example, IP Address:0:0:0:0:0:0:0:1"))
        let member = try await openssl(
            "x509 -in members/m1.pem -noout -subject -nameopt RFC2253,utf8,-esc_msb"
        )
        #expect(member.output.contains("CN=Nguyễn Văn A\\, «m1»,O=e-Cabinet TRIAL"))

        let revoked = try await run(["revoke", "device", "tablet-1", "--reason", "key-compromise"])
        #expect(revoked.status == 0, "\(revoked)")
        let refused = try await openssl(
            "verify -crl_check -CRLfile crl.pem -CAfile ca.pem devices/tablet-1.pem"
        )
        #expect(refused.output.contains("certificate revoked"))
        let list = try await openssl("crl -in crl.pem -noout -text -CAfile ca.pem")
        #expect(list.output.contains("verify OK"))
        #expect(list.output.contains("Key Compromise"))

        let listed = try await run(["list", "--json"]).json()
        guard case .array(let certificates)? = listed["certificates"] else {
            Issue.record("\(listed)")
            return
        }
        #expect(certificates.count == 4)
        #expect(
            certificates.map { $0["state"] } == [
                .string("VALID"), .string("REVOKED"), .string("VALID"), .string("VALID"),
            ]
        )
    }

    @Test("A list is renewed, with the next number and for as long as is said")
    func renewList() async throws {
        #expect(try await run(["create"]).status == 0)
        let before = try await openssl("crl -in crl.pem -noout -crlnumber -nextupdate")
        let renewed = try await run(["renew-list", "--list-days", "300", "--json"])
        #expect(renewed.status == 0, "\(renewed)")
        #expect(try renewed.json()["done"] == .string("RENEWED"))
        let after = try await openssl("crl -in crl.pem -noout -crlnumber -nextupdate")
        #expect(before.output.hasPrefix("crlNumber=0x01\n"), "\(before)")
        #expect(after.output.hasPrefix("crlNumber=0x02\n"), "\(after)")
        #expect(
            before.output.split(separator: "\n").last != after.output.split(separator: "\n").last
        )
        #expect(try await run(["renew-list", "--list-days", "0"]).status == 64)
    }

    @Test("Keys are their owner's alone, and are never overwritten")
    func keys() async throws {
        #expect(try await run(["create"]).status == 0)
        #expect(try await run(["issue", "device", "d"]).status == 0)
        #expect(try folder.permissions("pki") == 0o700)
        #expect(try folder.permissions("pki/ca.key") == 0o600)
        #expect(try folder.permissions("pki/devices/d.key") == 0o600)
        let before = [folder.text(of: "pki/ca.key"), folder.text(of: "pki/devices/d.key")]

        let authority = try await run(["create"])
        #expect(authority.status == 74)
        #expect(authority.errors.contains("has an authority already"))
        let device = try await run(["issue", "device", "d"])
        #expect(device.status == 74)
        #expect(device.errors.contains("devices/d.key is there already"))

        #expect([folder.text(of: "pki/ca.key"), folder.text(of: "pki/devices/d.key")] == before)
    }

    @Test("What cannot be done is explained")
    func mistakes() async throws {
        let nothing = try await run(["list"])
        #expect(nothing.status == 66)
        #expect(nothing.errors.contains("has no authority"))
        #expect(nothing.errors.contains("ecabinet pki create --pki \(pki)"))
        #expect(try await run(["create"]).status == 0)
        let unknown = try await run(["revoke", "member", "m9"])
        #expect(unknown.status == 66)
        #expect(unknown.errors.contains("has issued no member certificate «m9»"))
        for name in ["../x", "A", "-"] {
            #expect(try await run(["issue", "device", "--", name]).status == 64, "\(name)")
        }
        let host = try await run(["issue", "server", "s", "--host", "a,DNS:b"])
        #expect(host.status == 64)
        #expect(host.errors.contains("«a,DNS:b» is no host name and no IP address"))
        _ = try folder.write("{}", "pki/issued.json")
        let damaged = try await run(["list"])
        #expect(damaged.status == 65)
        #expect(damaged.errors.contains("issued.json cannot be used"))
    }

    @Test("An authority that has expired issues nothing")
    func expired() async throws {
        #expect(try await run(["create"]).status == 0)
        let key = try PrivateKey(pem: folder.text(of: "pki/ca.key"))
        // It was valid in 2020.
        let old = try CertificateAuthority.create(
            DistinguishedName(organization: "test", commonName: "old"),
            key: key,
            validity: 1_577_836_800...1_577_923_200
        )
        _ = try folder.write(PEM.text("CERTIFICATE", old.certificate.der), "pki/ca.pem")
        let outcome = try await run(["issue", "device", "d", "--json"])
        #expect(outcome.status == 65, "\(outcome)")
        #expect(try outcome.errorJSON()["reason"] == .string("AUTHORITY_EXPIRED"))
        #expect(folder.text(of: "pki/devices/d.pem").isEmpty)
        #expect(folder.text(of: "pki/devices/d.key").isEmpty)
    }

    @Test("Several at once neither spoil the register nor leave one out")
    func concurrently() async throws {
        #expect(try await run(["create"]).status == 0)
        try await withThrowingTaskGroup { group in
            for index in 0..<6 {
                group.addTask { try await run(["issue", "device", "d\(index)"]).status }
            }
            for try await status in group { #expect(status == 0) }
        }
        guard case .array(let all)? = try await run(["list", "--json"]).json()["certificates"]
        else {
            Issue.record("no certificates")
            return
        }
        #expect(all.count == 6)
    }
}
