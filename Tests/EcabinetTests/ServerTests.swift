import CabinetCrypto
import CabinetPKI
import Foundation
import Testing

@testable import ecabinet

/// `ping`, `call` and `directory` against a server that runs.
@Suite struct ServerTests {
    // MARK: - Connecting

    @Test("ping shows latencies, the certificate and what both sides agreed on")
    func ping() async throws {
        let installation = try await Installation()
        let text = try await installation.run(["ping", "--count", "3", "--interval", "1ms"])
        #expect(text.status == 0, "\(text)")
        for part in [
            "\(installation.address), ecabinetd", "CWP/1 over TLS 1.3", "of 3",
            "TLS_AES_", "new", "CN=cabinet,O=e-Cabinet TRIAL", "CN=e-Cabinet trial authority",
            "max calls 64",
        ] {
            #expect(text.output.contains(part), "\(part)")
        }
        let json = try await installation.run(["ping", "--count", "1", "--json"]).json()
        #expect(json["is_serving"] == .bool(true))
        #expect(json["limits"]?["max_frame_bytes"] == .integer(65_536))
        #expect(json["latency_ms"]?["count"] == .integer(1))
        #expect(json["is_resumed"] == .bool(false))
        guard case .string(let suite)? = json["cipher_suite"] else {
            Issue.record("\(json)")
            return
        }
        #expect(suite.hasPrefix("TLS_"))
        guard case .string(let end)? = json["certificate"]?["not_after"] else {
            Issue.record("\(json)")
            return
        }
        #expect(end.hasSuffix("+07:00"))
    }

    @Test("A stream ends as soon as its reader has gone, though nothing more comes of it")
    func readerHasGone() async throws {
        let installation = try await Installation()
        let program = Bundle.main.bundleURL.appendingPathComponent("ecabinet").path
        let outcome = try await RunningProgram(
            "/bin/bash",
            [
                "-c",
                #""$0" call cabinet.rpc.HealthService.Watch | head -1; exit ${PIPESTATUS[0]}"#,
                program,
            ],
            environment: installation.environment
        ).outcome()
        #expect(outcome.status == 141, "\(outcome)")
        #expect(outcome.errors.isEmpty, "\(outcome)")
    }

    @Test("No server there: what to do is said, in both languages")
    func noServer() async throws {
        let installation = try await Installation()
        let nobody = try await installation.run(["ping", "--server", "127.0.0.1:1"])
        #expect(nobody.status == 69)
        #expect(nobody.errors.contains("error: there is no connection to the server\n"))
        #expect(nobody.errors.contains("why: no connection to 127.0.0.1:1: "))
        #expect(nobody.errors.contains("onnection refused"))
        #expect(nobody.errors.contains("next: start the server, or name another with --server"))
        let vietnamese = try await Ecabinet.run(
            ["ping", "--server", "127.0.0.1:1"],
            environment: installation.environment.merging(["LC_ALL": "vi_VN.UTF-8"]) { $1 }
        )
        #expect(vietnamese.errors.contains("lỗi: không kết nối được với máy chủ"))
        let name = try await installation.run(["ping", "--server", "nobody.invalid:1", "--json"])
        #expect(name.status == 69)
        #expect(try name.errorJSON()["reason"] == .string("NO_CONNECTION"))
    }

    @Test("A server of another authority is not accepted")
    func wrongAuthority() async throws {
        let installation = try await Installation()
        let other = installation.folder.path("other")
        #expect(try await Ecabinet.run(["pki", "create", "--pki", other]).status == 0)
        let outcome = try await installation.run(["ping", "--authorities", "\(other)/ca.pem"])
        #expect(outcome.status == 77, "\(outcome)")
        #expect(outcome.errors.contains("error: the server's certificate is not accepted"))
        #expect(outcome.errors.contains("is not signed by \(other)/ca.pem"))
        #expect(outcome.errors.contains("next: --authorities has to name the authority"))
    }

    @Test("A name that the server's certificate does not have is not accepted")
    func wrongHost() async throws {
        let installation = try await Installation()
        let port = installation.address.split(separator: ":").last ?? ""
        let outcome = try await installation.run(["ping", "--server", "localhost:\(port)"])
        #expect(outcome.status == 77, "\(outcome)")
        #expect(outcome.errors.contains("is not for localhost"))
        #expect(outcome.errors.contains("next: name the server with --server as its certificate"))
    }

    @Test("A device of another authority is not let in")
    func strangeDevice() async throws {
        let installation = try await Installation()
        let other = installation.folder.path("other")
        for arguments in [["create"], ["issue", "device", "d"]] {
            #expect(try await Ecabinet.run(["pki"] + arguments + ["--pki", other]).status == 0)
        }
        let outcome = try await installation.run([
            "ping", "--certificate", "\(other)/devices/d.pem", "--key", "\(other)/devices/d.key",
        ])
        #expect(outcome.status == 77, "\(outcome)")
        #expect(
            outcome.errors.contains("error: the server does not accept this device's certificate")
        )
    }

    @Test("A certificate that has expired is found before anybody is asked")
    func expired() async throws {
        let installation = try await Installation()
        let file = try Self.expiredDevice(in: installation)
        let outcome = try await installation.run([
            "ping", "--certificate", "\(file).pem", "--key", "\(file).key",
        ])
        #expect(outcome.status == 78, "\(outcome)")
        #expect(outcome.errors.contains("\(file).pem cannot be used"))
        #expect(outcome.errors.contains("has expired"))
        #expect(outcome.errors.contains("next: ask whoever issued it for a new one"))
    }

    @Test(
        "A server whose certificate has expired is not accepted, and it is said whose task that is"
    )
    func expiredServer() async throws {
        let installation = try await Installation()
        let file = try Self.expired(.server([HostName("127.0.0.1")]), in: installation)
        let server = try RunningProgram(
            "/usr/bin/openssl",
            [
                "s_server", "-accept", "127.0.0.1:0", "-cert", "\(file).pem", "-key", "\(file).key",
                "-tls1_3", "-alpn", "cabinet/1", "-www", "-naccept", "3",
            ]
        )
        try await server.wait { $0.output.contains("ACCEPT 127.0.0.1:") }
        let port =
            server.output.split(separator: "ACCEPT 127.0.0.1:").last?
            .prefix { $0.isNumber } ?? ""
        let ping = ["ping", "--server", "127.0.0.1:\(port)"]
        let outcome = try await installation.run(ping + ["--json"])
        #expect(outcome.status == 77, "\(outcome)")
        #expect(try outcome.errorJSON()["reason"] == .string("TLS_EXPIRED"), "\(outcome)")
        let english = try await installation.run(ping)
        #expect(english.errors.contains("error: the server's certificate is not accepted"))
        #expect(english.errors.contains("next: whoever runs the server has to renew"))
        let vietnamese = try await installation.run(ping + ["--language", "vi"])
        #expect(vietnamese.errors.contains("vì sao: chứng thư của máy chủ đã hết hạn\n"))
        #expect(vietnamese.errors.contains("nên làm: người vận hành máy chủ cần gia hạn"))
        server.send(SIGTERM)
    }

    /// Writes a device's certificate that was valid in 2020, and its key.
    private static func expiredDevice(in installation: Installation) throws -> String {
        try expired(.device, in: installation)
    }

    /// Writes a certificate that was valid in 2020, and its key.
    private static func expired(
        _ purpose: CertificatePurpose,
        in installation: Installation
    ) throws -> String {
        let pki = installation.pki
        func text(_ path: String) throws -> String {
            try String(contentsOfFile: path, encoding: .utf8)
        }
        // Its own authority is valid from now on, and would issue nothing in the past.
        let old = try CertificateAuthority(
            certificate: SignerCertificate(pem: text("\(pki)/ca.pem")),
            key: PrivateKey(pem: text("\(pki)/ca.key"))
        )
        let key = try PrivateKey.generate(.ecdsaP256SHA256)
        let certificate = try old.issue(
            purpose,
            to: DistinguishedName(organization: "test", commonName: "old"),
            key: key.publicKey,
            validity: 1_577_836_800...1_577_923_200
        )
        _ = try installation.folder.write(PEM.text("CERTIFICATE", certificate.der), "old.pem")
        _ = try installation.folder.write(key.pem(), "old.key")
        return installation.folder.path("old")
    }

    @Test("A revoked device is let in no more, once the server has read the list")
    func revoked() async throws {
        let installation = try await Installation(devices: ["d"])
        let ping = ["ping", "--count", "1"] + installation.credentials("d")
        #expect(try await installation.run(ping).status == 0)
        let revoked = try await Ecabinet.run(
            ["pki", "revoke", "device", "d", "--pki", installation.pki]
        )
        #expect(revoked.status == 0)
        installation.reload()
        var outcome = try await installation.run(ping)
        // The server may not have read it yet.
        for _ in 0..<50 where outcome.status == 0 { outcome = try await installation.run(ping) }
        #expect(outcome.status == 77)
        #expect(
            outcome.errors.contains("error: the server does not accept this device's certificate")
        )
        #expect(outcome.errors.contains("revoked"))
    }

    @Test("What answers and is no server of e-Cabinet is said to be none")
    func otherServer() async throws {
        let installation = try await Installation()
        let listener = try Listener(answering: "HTTP/1.1 400 Bad Request\r\n\r\n")
        let outcome = try await installation.run(["ping", "--server", "127.0.0.1:\(listener.port)"])
        #expect(outcome.status == 69, "\(outcome)")
        #expect(outcome.errors.contains("error: what answers there is no server of e-Cabinet"))
    }

    @Test("A server that says nothing is waited for as long as --timeout says")
    func silent() async throws {
        let installation = try await Installation()
        let listener = try Listener(answering: nil)
        let outcome = try await installation.run([
            "ping", "--server", "127.0.0.1:\(listener.port)", "--timeout", "200ms", "--json",
        ])
        #expect(outcome.status == 69, "\(outcome)")
        #expect(try outcome.errorJSON()["reason"] == .string("NO_CONNECTION"))
    }

    // MARK: - call

    @Test("call lists and describes what the server has")
    func reflection() async throws {
        let installation = try await Installation()
        let list = try await installation.run(["call", "--list"])
        #expect(list.status == 0, "\(list)")
        #expect(list.output.contains("cabinet.v1.VotingService.CastBallot"))
        #expect(list.output.contains("cabinet.v1.LiveService.FollowMeeting"))
        let one = try await installation.run([
            "call", "--list", "cabinet.v1.DirectoryService", "--json",
        ])
        guard case .array(let services)? = try one.json()["services"] else {
            Issue.record("\(one)")
            return
        }
        #expect(services.map { $0["name"] } == [.string("cabinet.v1.DirectoryService")])

        let method = try await installation.run([
            "call", "--describe", "cabinet.v1.DirectoryService.PutPrincipal",
        ])
        #expect(method.output.contains("rpc PutPrincipal(cabinet.v1.PutPrincipalRequest) returns"))
        #expect(method.output.contains("  repeated cabinet.v1.Role roles = 4;"))
        let found = try await installation.run(["call", "--describe", "cabinet.v1.Role"])
        #expect(found.output.contains("  ROLE_MEMBER = 1;"))
        let unknown = try await installation.run(["call", "--describe", "cabinet.v1.Nothing"])
        #expect(unknown.status == 64)
        #expect(
            unknown.errors.contains("the server knows nothing of the name «cabinet.v1.Nothing»")
        )
    }

    @Test("call calls: one response, many of them, and the events of a channel")
    func calls() async throws {
        let installation = try await Installation()
        let own = try await installation.run(["call", "cabinet.v1.DirectoryService/GetSelf"])
        #expect(own.status == 0, "\(own)")
        #expect(try own.json()["principal"]?["principal_id"] == .string("admin"))

        let body = try installation.folder.write(
            #"{"query": "Admin", "page_size": 5}"#,
            "body.json"
        )
        for arguments in [["@\(body)"], ["-"]] {
            let listed = try await installation.run(
                ["call", "cabinet.v1.DirectoryService.ListPrincipals"] + arguments,
                input: #"{"query": "admin", "pageSize": 5}"#
            )
            guard case .array(let principals)? = try listed.json()["principals"] else {
                Issue.record("\(listed)")
                return
            }
            #expect(principals.count == 1)
        }

        let whole = try await installation.run([
            "call", "cabinet.v1.DirectoryService.GetSelf", "--emit-defaults",
        ])
        #expect(try whole.json()["principal"]?["suspended"] == .bool(false))
        #expect(try own.json()["principal"]?["suspended"] == nil)

        let services = try await installation.run([
            "call", "cabinet.rpc.ReflectionService.ListServices", "--json", "--count", "2",
        ])
        #expect(services.status == 0)
        let lines = services.output.split(separator: "\n")
        #expect(lines.count == 2)
        for line in lines { _ = try JSONParser.value(of: Array(line.utf8)) }

        let health = try await installation.run([
            "call", "cabinet.rpc.HealthService.Watch", "--count", "1",
        ])
        #expect(try health.json() == .object([.init("status", .string("SERVING_STATUS_SERVING"))]))
    }

    @Test("A channel is followed until Ctrl-C, which ends the program well")
    func channel() async throws {
        let installation = try await Installation(devices: ["s"])
        try await Self.enterSecretary(in: installation)
        let scheduled = try await installation.run(
            [
                "call", "cabinet.v1.MeetingService.ScheduleMeeting",
                #"{"meeting_id": "x", "title": "Phiên họp", "scheduled_unix_ms": "1561339800000"}"#,
            ] + installation.credentials("s")
        )
        #expect(scheduled.status == 0, "\(scheduled)")
        let following = try installation.start(
            [
                "call", "cabinet.v1.LiveService.FollowMeeting",
                #"{"meeting_id": "x", "audience": "AUDIENCE_SECRETARIAT"}"#, "--json",
            ] + installation.credentials("s")
        )
        try await following.wait { $0.output.contains("\n") }
        let event = try JSONParser.value(
            of: Array((following.output.split(separator: "\n").first ?? "").utf8)
        )
        #expect(event["is_snapshot"] == .bool(true))
        following.send(SIGINT)
        let outcome = try await following.outcome()
        #expect(outcome.status == 130, "\(outcome)")
        #expect(try outcome.errorJSON()["reason"] == .string("INTERRUPTED"))
    }

    private static func enterSecretary(in installation: Installation) async throws {
        let put = try await installation.run([
            "directory", "put", "s", "--name", "Thư ký", "--role", "secretary",
        ])
        #expect(put.status == 0, "\(put)")
        let added = try await installation.run([
            "directory", "certificate", "add", "s", "\(installation.pki)/devices/s.pem",
            "--use", "transport", "--device", "computer",
        ])
        #expect(added.status == 0, "\(added)")
    }

    @Test("What is wrong with a call is explained before it is made, or by the server")
    func callMistakes() async throws {
        let installation = try await Installation()
        func failure(
            _ method: String,
            _ body: String
        ) async throws -> (status: Int32, json: JSONValue) {
            let outcome = try await installation.run(["call", method, body, "--json"])
            #expect(outcome.output.isEmpty)
            return (outcome.status, try outcome.errorJSON())
        }
        let list = "cabinet.v1.DirectoryService.ListPrincipals"
        let malformed = try await failure(list, "{'query': 1}")
        #expect(malformed.status == 65)
        #expect(malformed.json["reason"] == .string("JSON_MALFORMED"))
        #expect(malformed.json["attributes"]?["column"] == .integer(2))
        let field = try await failure(list, #"{"querry": ""}"#)
        #expect(field.status == 65)
        #expect(field.json["reason"] == .string("JSON_DOES_NOT_FIT"))
        #expect(field.json["attributes"]?["path"] == .string("querry"))
        let method = try await failure("cabinet.v1.DirectoryService.listprincipals", "{}")
        #expect(method.status == 64)
        #expect(method.json["reason"] == .string("METHOD_UNKNOWN"))
        #expect(method.json["cause"] == .string("it has \(list)"))
        let missing = try await failure(list, "@/nowhere/body.json")
        #expect(missing.status == 66)
        let refused = try await failure(list, #"{"page_size": 5, "page_token": "x"}"#)
        #expect(refused.status == 2)
        #expect(refused.json["reason"] == .string("PAGE_TOKEN_INVALID"))
        let poll = try await failure(
            "cabinet.v1.VotingService.GetPoll",
            #"{"meeting_id": "x", "poll_id": "y"}"#
        )
        #expect(poll.status == 2)
        #expect(poll.json["reason"] == .string("MEETING_NOT_FOUND"))
    }

    @Test("A method that takes a stream of requests is said to be one, before anything is sent")
    func requestStream() async throws {
        let installation = try await Installation()
        let server = try await DiagnosticsServer(installation.pki)
        let outcome = try await installation.run([
            "call", "cabinet.v1.DiagnosticsService.EchoCollect", "--server", server.address,
            "--json",
        ])
        await server.stop()
        #expect(outcome.status == 64, "\(outcome)")
        #expect(try outcome.errorJSON()["reason"] == .string("METHOD_SHAPE"))
    }

    // MARK: - directory

    @Test("The directory is kept: principals, their certificates, and who is shut out")
    func directory() async throws {
        let installation = try await Installation(devices: ["d"], members: ["m"])
        // NFD, as some terminals send it.
        let put = try await installation.run([
            "directory", "put", "m", "--name",
            "Đặng Thị Hường".decomposedStringWithCanonicalMapping,
            "--office", "Bộ trưởng", "--role", "member", "--role", "chair", "--json",
        ])
        #expect(put.status == 0, "\(put)")
        #expect(try put.json()["display_name"] == .string("Đặng Thị Hường"))
        #expect(try put.json()["roles"] == .array([.string("MEMBER"), .string("CHAIR")]))

        let changed = try await installation.run([
            "directory", "put", "m", "--role", "member", "--json",
        ])
        #expect(try changed.json()["office"] == .string("Bộ trưởng"))
        #expect(try changed.json()["revision"] == .integer(2))

        for (file, use) in [
            ("devices/d.pem", ["transport", "--device", "tablet"]), ("members/m.pem", ["signing"]),
        ] {
            let added = try await installation.run(
                ["directory", "certificate", "add", "m", "\(installation.pki)/\(file)", "--use"]
                    + use
            )
            #expect(added.status == 0, "\(added)")
        }
        let own = try await installation.run(["directory", "self"] + installation.credentials("d"))
        #expect(own.output.contains("Đặng Thị Hường"))
        let found = try await installation.run(["directory", "list", "dang huong"])
        #expect(found.output.contains("there are none"))
        let listed = try await installation.run(["directory", "list", "huong"])
        #expect(listed.output.contains("Đặng Thị Hường  Bộ trưởng  member  active"))
        let shown = try await installation.run(["directory", "show", "m"])
        #expect(shown.output.contains("signing"))

        let revoked = try await installation.run([
            "directory", "certificate", "revoke", "m", "\(installation.pki)/members/m.pem",
            "--reason", "mất thẻ", "--json",
        ])
        #expect(revoked.status == 0, "\(revoked)")
        #expect(try revoked.json()["certificate"]?["revoked"] != .null)

        #expect(try await installation.run(["directory", "suspend", "m"]).status == 0)
        let shutOut = try await installation.run(
            ["directory", "self"] + installation.credentials("d")
        )
        #expect(shutOut.status == 77, "\(shutOut)")
        let back = try await installation.run(["directory", "reinstate", "m", "--json"])
        #expect(try back.json()["suspended"] == .bool(false))
        #expect(
            try await installation.run(["directory", "self"] + installation.credentials("d")).status
                == 0
        )
    }

    @Test("What the directory does not accept is said, with the reason")
    func directoryMistakes() async throws {
        let installation = try await Installation(devices: ["d", "stranger"])
        func failure(
            _ arguments: [String],
            as device: String = "admin"
        ) async throws -> (status: Int32, json: JSONValue) {
            let outcome = try await installation.run(
                ["directory"] + arguments + ["--json"] + installation.credentials(device)
            )
            return (outcome.status, try outcome.errorJSON())
        }
        let incomplete = try await failure(["put", "m", "--name", "x"])
        #expect(incomplete.status == 64)
        #expect(incomplete.json["reason"] == .string("PRINCIPAL_INCOMPLETE"))
        let unknown = try await failure(["show", "nobody"])
        #expect(unknown.status == 2)
        #expect(unknown.json["reason"] == .string("PRINCIPAL_NOT_FOUND"))
        let identifier = try await failure(["show", "Nobody"])
        #expect(identifier.status == 2)
        #expect(identifier.json["reason"] == .string("FIELD_INVALID"))
        #expect(identifier.json["attributes"]?["field"] == .string("principal_id"))
        let last = try await failure(["suspend", "admin"])
        #expect(last.status == 2)
        #expect(last.json["reason"] == .string("ADMINISTRATOR_REQUIRED"))
        let stranger = try await failure(["list"], as: "stranger")
        #expect(stranger.status == 77)
        #expect(stranger.json["reason"] == .string("PRINCIPAL_UNKNOWN"))

        let put = try await installation.run([
            "directory", "put", "d", "--name", "Khách", "--role", "guest",
        ])
        #expect(put.status == 0)
        let certificate = "\(installation.pki)/devices/d.pem"
        let add = [
            "certificate", "add", "d", certificate, "--use", "transport", "--device", "phone",
        ]
        #expect(try await installation.run(["directory"] + add).status == 0)
        let again = try await failure(add)
        #expect(again.status == 2)
        #expect(again.json["reason"] == .string("CERTIFICATE_EXISTS"))
        let refused = try await failure(["put", "x", "--name", "x", "--role", "member"], as: "d")
        #expect(refused.status == 77)
        #expect(refused.json["reason"] == .string("ROLE_REQUIRED"))
        let file = try await failure([
            "certificate", "add", "d", "\(installation.pki)/ca.key", "--use", "signing",
        ])
        #expect(file.status == 65)
        #expect(file.json["reason"] == .string("CERTIFICATE_FILE"))
    }
}
