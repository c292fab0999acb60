import Foundation
import TLSTestSupport
import Testing

/// `ecabinet-load echo-server`, as it is run by hand.
@Suite struct EchoServerTests {
    @Test(
        "It says where it listens, drains when it is told to stop, and exits with 0",
        arguments: [SIGTERM, SIGINT]
    )
    func stops(_ signal: Int32) throws {
        let server = try EchoServer()
        #expect(server.target.hasPrefix("127.0.0.1:"))
        #expect(!server.target.hasSuffix(":0"))
        #expect(server.running.errors.contains("listening"))
        #expect(try server.echo([]).status == 0)

        server.running.send(signal)
        server.running.waitForEnd()

        #expect(server.running.status == 0)
        #expect(server.running.errors.contains("stopped"))
    }

    @Test("Certificates for a trial are made once, and their keys are the owner's alone")
    func makesCertificates() throws {
        let first = try EchoServer()
        let files = ["ca.pem", "server.pem", "client.pem"]
        let made = try files.map { try Data(contentsOf: url($0, first)) }
        for key in ["ca.key", "server.key", "client.key"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: url(key, first).path)
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(key)")
        }

        let second = try EchoServer(certificates: ["--pki", first.pki])

        #expect(try files.map { try Data(contentsOf: url($0, first)) } == made)
        #expect(try second.echo([], certificates: ["--pki", first.pki]).status == 0)
    }

    private func url(_ name: String, _ server: EchoServer) -> URL {
        URL(fileURLWithPath: server.pki).appendingPathComponent(name)
    }

    @Test("It serves with certificates of one's own")
    func ownCertificates() throws {
        let server = try EchoServer(certificates: certificates("server"))
        #expect(try server.echo([], certificates: certificates("client")).status == 0)
    }

    @Test("A client whose certificate was revoked is not let in")
    func revoked() throws {
        let pki = PKI.shared
        let server = try EchoServer(
            certificates: certificates("server") + ["--crl", pki.path("revoked.crl")]
        )
        let outcome = try server.echo([], certificates: certificates("client"))
        #expect(outcome.status == 77)
        #expect(outcome.errors.contains("revoked"))
    }

    @Test("A wrong file is named, with what is wrong", arguments: wrongFiles)
    func wrongFile(_ wrong: WrongFiles) throws {
        let outcome = try Load.run(["echo-server", "--listen", "127.0.0.1:0"] + wrong.arguments())
        #expect(outcome.status == 66)
        #expect(outcome.errors.hasPrefix("ecabinet-load: "))
        #expect(outcome.errors.contains(wrong.file))
        #expect(outcome.errors.contains(wrong.reason))
    }

    struct WrongFiles: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let arguments: @Sendable () -> [String]
        let file: String
        let reason: String
    }

    private static let wrongFiles = [
        WrongFiles(
            testDescription: "no such file",
            arguments: { certificates("nobody") },
            file: "nobody.pem",
            reason: "UNREADABLE"
        ),
        WrongFiles(
            testDescription: "another's key",
            arguments: {
                certificates("server") + ["--key", PKI.shared.path("client.key")]
            },
            file: "client.key",
            reason: "KEY_MISMATCH"
        ),
        WrongFiles(
            testDescription: "expired",
            arguments: { certificates("pastserver") },
            file: "pastserver.pem",
            reason: "EXPIRED"
        ),
        WrongFiles(
            testDescription: "a folder without an authority",
            arguments: { ["--pki", NSTemporaryDirectory()] },
            file: NSTemporaryDirectory(),
            reason: "no ca.pem"
        ),
    ]

    @Test("An address that is in use is said to be so")
    func addressInUse() throws {
        let server = try EchoServer()
        let outcome = try Load.run(
            ["echo-server", "--listen", server.target, "--pki", server.pki]
        )
        #expect(outcome.status == 69)
        #expect(outcome.errors.contains("cannot listen on \(server.target)"))
        #expect(outcome.errors.contains("Address already in use"))
    }

    @Test("More connections than file descriptors are refused at the start")
    func descriptors() throws {
        let outcome = try Load.run(
            ["echo-server", "--listen", "127.0.0.1:0", "--max-connections", "200"]
                + certificates("server"),
            descriptors: 100
        )
        #expect(outcome.status == 71)
        #expect(outcome.errors.contains("200 connections need 264 file descriptors"))
        #expect(outcome.errors.contains("ulimit -n"))
    }
}

/// Options with files of the tests' own authority.
func certificates(_ name: String) -> [String] {
    let pki = PKI.shared
    return [
        "--certificate", pki.path("\(name).pem"), "--key", pki.path("\(name).key"),
        "--ca", pki.path("ca.pem"),
    ]
}
