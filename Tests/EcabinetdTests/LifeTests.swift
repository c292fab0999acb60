import CabinetAPI
import CabinetRPC
import Foundation
import TLSTestSupport
import Testing

/// The life of a server's process: its start, its signals, its end, and what is left for the next one.
@Suite struct LifeTests {
    private let folder: TemporaryFolder
    private var data: String { folder.path("data") }

    init() throws {
        folder = try TemporaryFolder()
    }

    private func permissions(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    // MARK: - Start

    @Test(
        "On an empty folder it makes a log key and the first administrator, for their owner alone"
    )
    func firstStart() async throws {
        let server = try await Server(data: data, ["--administrator-name": "Quản trị"])
        #expect(server.running.output == "listening on 127.0.0.1:\(server.port)\n")
        let key = try String(contentsOfFile: "\(data)/log-key.pem", encoding: .utf8)
        #expect(key.hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
        #expect(try permissions("\(data)/log-key.pem") == 0o600)
        #expect(try permissions(data) == 0o700)
        let verifier = try String(contentsOfFile: "\(data)/log-key.vkey", encoding: .utf8)
        #expect(verifier.hasPrefix("cabinet.example+"))
        #expect(verifier.hasSuffix("\n"))
        let own = try await server.withClient("client") { client in
            try await DirectoryService.Client(client).getSelf(GetSelfRequest()).principal
        }
        #expect(own?.principalID == "admin")
        #expect(own?.displayName == "Quản trị")
        #expect(own?.roles == [.administrator])
    }

    @Test("A server with a folder that another one has says so, and harms it not")
    func secondProcess() async throws {
        let first = try await Server(data: data)
        let second = try await Server.run(data: data)
        #expect(second.status == 75)
        #expect(second.errors.contains("another process has the data folder \(data)"))
        try await first.withClient("client") { _ = try await $0.connect() }
    }

    @Test(
        "A database that was emptied or lost is no new installation where there is a log key",
        arguments: [0, 1, nil]
    )
    func lostDatabase(_ byteCount: Int?) async throws {
        let first = try await Server(data: data)
        first.running.send(SIGTERM)
        try await first.running.end()
        let database = "\(data)/cabinet.sqlite"
        if let byteCount {
            try Data(repeating: 0, count: byteCount).write(to: URL(fileURLWithPath: database))
        } else {
            try FileManager.default.removeItem(atPath: database)
        }
        let ended = try await Server.run(data: data)
        #expect(ended.status == 74)
        #expect(ended.errors.contains("\(database) is missing or empty"))
        // Nothing was begun in its place.
        #expect(try await Server.run(data: data).status == 74)
    }

    @Test("An address that is in use is said to be so")
    func addressInUse() async throws {
        let first = try await Server(data: data)
        let second = try await Server.run(
            data: folder.path("other"),
            ["--listen": "127.0.0.1:\(first.port)"]
        )
        #expect(second.status == 69)
        #expect(second.errors.contains("cannot listen on 127.0.0.1:\(first.port)"))
    }

    @Test("More connections than file descriptors are refused at the start")
    func descriptors() async throws {
        let running = try await Server.run(
            data: data,
            ["--connections": "200"],
            descriptors: 100
        )
        #expect(running.status == 71)
        #expect(running.errors.contains("200 connections need 264 file descriptors"))
    }

    @Test("A data folder that cannot be one, or whose database is none, is named")
    func store() async throws {
        let file = try folder.write("a file", "data")
        let noFolder = try await Server.run(data: file)
        #expect(noFolder.status == 74)
        #expect(noFolder.errors.contains(file))
        let other = folder.path("other")
        try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
        _ = try folder.write("no database, but long enough to be one", "other/cabinet.sqlite")
        let noDatabase = try await Server.run(data: other)
        #expect(noDatabase.status == 74)
        #expect(noDatabase.errors.contains("cabinet.sqlite"))
    }

    // MARK: - Logs

    /// Lets the administrator appoint a secretary, who schedules a meeting.
    ///
    /// - Returns: The newest checkpoint of the meeting's log.
    private func scheduleMeeting(_ server: Server) async throws -> [UInt8] {
        let path = PKI.shared.path("client2.pem")
        let (_, text) = try TLSTestSupport.run(
            "/bin/bash",
            ["-c", "openssl x509 -in \(path) -outform DER | base64 -w 0"]
        )
        let der = try #require(Data(base64Encoded: text))
        try await server.withClient("client") { client in
            let directory = DirectoryService.Client(client)
            _ = try await directory.putPrincipal(
                PutPrincipalRequest(
                    principalID: "secretary",
                    displayName: "Thư ký",
                    roles: [.secretary]
                )
            )
            _ = try await directory.addCertificate(
                AddCertificateRequest(
                    principalID: "secretary",
                    use: .transport,
                    deviceKind: .computer,
                    der: [UInt8](der)
                )
            )
        }
        return try await server.withClient("client2") { client in
            _ = try await MeetingService.Client(client).scheduleMeeting(
                ScheduleMeetingRequest(
                    meetingID: "meeting",
                    title: "Phiên họp Chính phủ",
                    scheduledUnixMs: 1_561_341_600_000
                )
            )
            return try await checkpoint(client)
        }
    }

    private func checkpoint(_ client: RPCClient) async throws -> [UInt8] {
        let response = try await LedgerService.Client(client).getCheckpoint(
            GetCheckpointRequest(meetingID: "meeting")
        )
        return try #require(response.checkpoint).note
    }

    @Test("After SIGKILL, and after SIGTERM, the next process serves the same logs")
    func restart() async throws {
        let first = try await Server(data: data)
        let acknowledged = try await scheduleMeeting(first)
        try await first.running.kill()
        let second = try await Server(data: data)
        #expect(try await second.withClient("client2") { try await checkpoint($0) } == acknowledged)
        second.running.send(SIGTERM)
        try await second.running.end()
        #expect(second.running.status == 0)
        // The first administrator is for an empty folder.
        let third = try await Server(data: data, ["--administrator-certificate": nil])
        #expect(try await third.withClient("client2") { try await checkpoint($0) } == acknowledged)
    }

    @Test("Without the key of its logs it does not start, nor with another one")
    func lostKey() async throws {
        let first = try await Server(data: data)
        _ = try await scheduleMeeting(first)
        try await first.running.kill()
        let kept = folder.path("kept.pem")
        try FileManager.default.moveItem(atPath: "\(data)/log-key.pem", toPath: kept)
        let without = try await Server.run(data: data)
        #expect(without.status == 66)
        #expect(without.errors.contains("put it back"))
        let other = folder.path("other.pem")
        let made = try TLSTestSupport.run(
            "/usr/bin/env",
            ["openssl", "genpkey", "-algorithm", "ed25519", "-out", other]
        )
        #expect(made.status == 0)
        let another = try await Server.run(data: data, ["--log-key": other])
        #expect(another.status == 78)
        #expect(another.errors.contains("another log key"))
        let again = try await Server(data: data, ["--log-key": kept])
        _ = try await again.withClient("client2") { try await checkpoint($0) }
    }

    // MARK: - Signals

    @Test(
        "SIGTERM and SIGINT end it with 0, while somebody is connected",
        arguments: [SIGTERM, SIGINT]
    )
    func stops(_ signal: Int32) async throws {
        let server = try await Server(data: data)
        try await server.withClient("client") { client in
            _ = try await DirectoryService.Client(client).getSelf(GetSelfRequest())
            server.running.send(signal)
            try await server.running.end()
        }
        #expect(server.running.status == 0)
        #expect(!server.running.errors.contains("error"))
    }

    @Test("A call that is under way at SIGTERM is answered")
    func drains() async throws {
        let server = try await Server(data: data)
        var configuration = RPCClientConfiguration()
        configuration.retry.maxAttempts = 1
        try await server.withClient("client", configuration: configuration) { client in
            let directory = DirectoryService.Client(client)
            _ = try await directory.getSelf(GetSelfRequest())
            // What the server has taken before the signal is answered; what it has not, it refuses in a
            // way that says so. None is left without an answer.
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        do {
                            _ = try await directory.putPrincipal(
                                PutPrincipalRequest(
                                    principalID: "member-\(number)",
                                    displayName: "Ông \(number)",
                                    roles: [.member]
                                )
                            )
                            return true
                        } catch let error as RPCError {
                            #expect(error.isNotProcessed, "\(error)")
                            return false
                        }
                    }
                }
                // At the first answer, others are under way.
                _ = try await group.next()
                server.running.send(SIGTERM)
                for try await _ in group {}
            }
        }
        try await server.running.end()
        #expect(server.running.status == 0)
    }

    @Test(
        "SIGHUP shows a new certificate to new connections; with a broken file the server goes on"
    )
    func reload() async throws {
        let pki = PKI.shared
        for kind in ["pem", "key"] {
            try folder.copy(pki.path("server.\(kind)"), to: "tls.\(kind)")
        }
        let server = try await Server(
            data: data,
            ["--tls-certificate": folder.path("tls.pem"), "--tls-key": folder.path("tls.key")]
        )
        #expect(try await server.certificateSubject() == "CN=server")
        try await server.withClient("client") { client in
            _ = try await DirectoryService.Client(client).getSelf(GetSelfRequest())
            for kind in ["pem", "key"] {
                try folder.copy(pki.path("server2.\(kind)"), to: "tls.\(kind)")
            }
            server.running.send(SIGHUP)
            try await server.running.wait { _ in
                try await server.certificateSubject() == "CN=server2"
            }
            // The connection from before is not disturbed.
            _ = try await DirectoryService.Client(client).getSelf(GetSelfRequest())

            _ = try folder.write("no certificate", "tls.pem")
            server.running.send(SIGHUP)
            try await server.running.wait { $0.errors.contains("certificates were not reloaded") }
            #expect(try await server.certificateSubject() == "CN=server2")
            _ = try await DirectoryService.Client(client).getSelf(GetSelfRequest())
        }
    }

    @Test("After SIGHUP a client whose certificate was revoked is not let in")
    func revocation() async throws {
        let pki = PKI.shared
        try folder.copy(pki.path("ca.crl"), to: "lists.crl")
        let server = try await Server(
            data: data,
            ["--tls-revocation-lists": folder.path("lists.crl")]
        )
        try await server.withClient("client") { _ = try await $0.connect() }
        try folder.copy(pki.path("revoked.crl"), to: "lists.crl")
        server.running.send(SIGHUP)
        // Far more often than any machine needs.
        for _ in 0..<6_000 {
            do {
                try await server.withClient("client") { _ = try await $0.connect() }
                try await Task.sleep(for: .milliseconds(10))
            } catch let error as RPCError where "\(error)".contains("revoked") {
                return
            } catch let error as RPCError {
                // It was let in, and the list came before the server's first word.
                #expect("\(error)".contains("closed the connection"))
            }
        }
        Issue.record("a client whose certificate was revoked is let in")
    }
}
