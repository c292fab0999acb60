import Foundation
import Testing

@testable import ecabinet

/// `ecabinet profile`, and how profiles and options go together.
@Suite struct ProfileTests {
    private let folder = TestFolder()

    private var environment: [String: String] { ["ECABINET_CONFIG_HOME": folder.path("config")] }

    private func run(_ arguments: [String]) async throws -> Ecabinet.Outcome {
        try await Ecabinet.run(arguments, environment: environment)
    }

    @Test("A profile is kept, changed part by part, listed and removed, and is its owner's alone")
    func life() async throws {
        let first = try await run([
            "profile", "set", "secretary", "--server", "cabinet.example:7443",
            "--certificate", "relative.pem", "--key", "/keys/s.key", "--json",
        ])
        #expect(first.status == 0, "\(first)")
        let made = try first.json()
        #expect(made["server"] == .string("cabinet.example:7443"))
        guard case .string(let certificate)? = made["certificate"] else {
            Issue.record("\(first)")
            return
        }
        #expect(certificate.hasPrefix("/"))
        #expect(certificate.hasSuffix("/relative.pem"))
        let file = "config/profiles/secretary/profile.json"
        #expect(made["path"] == .string(folder.path(file)))
        #expect(try folder.permissions(file) == 0o600)
        #expect(try folder.permissions("config/profiles/secretary") == 0o700)
        #expect(try folder.permissions("config") == 0o700)

        let second = try await run([
            "profile", "set", "secretary", "--server", "[::1]:1", "--member", "m1",
        ])
        #expect(second.status == 0, "\(second)")
        let shown = try await run(["profile", "show", "secretary", "--json"]).json()
        #expect(shown["server"] == .string("[::1]:1"))
        #expect(shown["key"] == .string("/keys/s.key"))
        #expect(shown["member"] == .string("m1"))

        let list = try await run(["profile", "list"])
        #expect(list.output.contains("secretary"))
        #expect(list.output.contains("[::1]:1"))

        #expect(try await run(["profile", "remove", "secretary"]).status == 0)
        #expect(
            try await run(["profile", "list", "--json"]).json()
                == .object([.init("profiles", .array([]))])
        )
    }

    @Test("A journal of ballots is not removed with its profile, unless that is asked for")
    func journal() async throws {
        _ = try await run(["profile", "set", "m1", "--member", "m1"])
        let journal = folder.path("config/profiles/m1/journals/m1")
        try FileManager.default.createDirectory(
            atPath: journal,
            withIntermediateDirectories: true
        )
        let kept = try await run(["profile", "remove", "m1"])
        #expect(kept.status == 0)
        #expect(kept.errors.contains("--with-journals"))
        #expect(FileManager.default.fileExists(atPath: journal))
        _ = try await run(["profile", "set", "m1", "--member", "m1"])
        #expect(try await run(["profile", "remove", "m1", "--with-journals"]).status == 0)
        #expect(!FileManager.default.fileExists(atPath: folder.path("config/profiles/m1")))
    }

    @Test("A member may be called «watch»: what a watch keeps lies elsewhere")
    func watch() throws {
        let store = ProfileStore(environment: environment)
        let name = try ProfileName("m")
        let journal = store.journalFolder(of: name, member: "watch").path
        let watch = store.watchFolder(of: name).path
        #expect(!journal.hasPrefix(watch))
        #expect(!watch.hasPrefix(URL(fileURLWithPath: journal).deletingLastPathComponent().path))
    }

    @Test("A profile that is not there is said to be so, with those that are, in both languages")
    func missing() async throws {
        _ = try await run(["profile", "set", "chair", "--server", "a:1"])
        let english = try await run(["ping", "--profile", "chari"])
        #expect(english.status == 78)
        #expect(
            english.errors == """
                ecabinet: error: there is no profile «chari»
                  why: there are: chair
                  next: name one of these with --profile, or make it with «ecabinet profile set chari \
                --server HOST:PORT …»

                """
        )
        let vietnamese = try await run(["ping", "--profile", "chari", "--language", "vi"])
        #expect(vietnamese.errors.hasPrefix("ecabinet: lỗi: không có hồ sơ «chari»\n  vì sao: "))
        let json = try await run(["ping", "--profile", "chari", "--json"]).errorJSON()
        #expect(json["reason"] == .string("PROFILE_NOT_FOUND"))
        #expect(json["exit_status"] == .integer(78))
    }

    @Test("Without the profile that is taken where none is named, those that are there are listed")
    func noDefault() async throws {
        let none = try await run(["ping"])
        #expect(none.status == 78)
        #expect(
            none.errors == """
                ecabinet: error: --server is missing
                  why: the command line has it not, and there is no profile «default»
                    there are no profiles yet
                  next: make it with «ecabinet profile set default --server …»

                """
        )
        for name in ["chair", "m2"] {
            _ = try await run(["profile", "set", name, "--member", name])
        }
        for arguments in [["ping"], ["receipt", "list"], ["ledger", "checkpoint"]] {
            let outcome = try await run(arguments)
            #expect(outcome.status == 78, "\(arguments): \(outcome)")
            for part in [
                "there is no profile «default»\n", "there are: chair, m2\n",
                "name one of these with --profile, or make it with «ecabinet profile set default --",
            ] {
                #expect(outcome.errors.contains(part), "\(arguments): \(outcome)")
            }
        }
        let verified = try await run(["verify", folder.path, "--language", "vi"])
        #expect(verified.errors.contains("hiện có: chair, m2"), "\(verified)")
        #expect(verified.errors.contains("hãy chọn một hồ sơ bằng --profile"), "\(verified)")
    }

    @Test(
        "Files that are not there, or do not go together, are warned of, and the profile is written"
    )
    func files() async throws {
        let pki = folder.path("pki")
        for arguments in [["create"], ["issue", "device", "a", "b"], ["issue", "member", "m"]] {
            let made = try await Ecabinet.run(["pki"] + arguments + ["--pki", pki])
            try #require(made.status == 0, "\(made)")
        }
        let files = [
            "--certificate", "\(pki)/devices/a.pem", "--key", "\(pki)/devices/a.key",
            "--authorities", "\(pki)/ca.pem", "--signing-key", "\(pki)/members/m.key",
            "--signing-certificate", "\(pki)/members/m.pem",
        ]
        let good = try await run(["profile", "set", "a"] + files)
        #expect(good.status == 0, "\(good)")
        #expect(good.errors.isEmpty, "\(good)")

        let wrong = try await run([
            "profile", "set", "a", "--key", "\(pki)/devices/b.key", "--signing-key",
            "\(pki)/devices/b.key", "--log-key", "/nowhere/log-key.vkey", "--json",
        ])
        #expect(wrong.status == 0, "\(wrong)")
        let warnings = try wrong.errorLines().compactMap { $0["warning"] }
        #expect(
            warnings.map { $0["reason"] }
                == [
                    .string("FILE_UNREADABLE"), .string("FILE_KEY_MISMATCH"),
                    .string("SIGNING_KEY"),
                ],
            "\(wrong)"
        )
        #expect(warnings.first?["attributes"]?["option"] == .string("--log-key"))
        let kept = try await run(["profile", "show", "a", "--json"]).json()
        #expect(kept["key"] == .string("\(pki)/devices/b.key"))

        let vietnamese = try await run([
            "profile", "set", "b", "--certificate", "/nowhere/b.pem", "--log-key", "\(pki)/ca.pem",
            "--language", "vi",
        ])
        #expect(vietnamese.status == 0, "\(vietnamese)")
        #expect(
            vietnamese.errors.contains("cảnh báo: chưa đọc được /nowhere/b.pem (--certificate)\n"),
            "\(vietnamese)"
        )
        #expect(vietnamese.errors.contains("không phải khóa nhật ký"), "\(vietnamese)")
    }

    @Test("ECABINET_PROFILE names the profile, and --profile goes before it")
    func chosen() async throws {
        for name in ["one", "two"] {
            _ = try await run(["profile", "set", name, "--member", name])
        }
        let environment = environment.merging(["ECABINET_PROFILE": "one"]) { $1 }
        let shown = try await Ecabinet.run(["profile", "show", "--json"], environment: environment)
        #expect(try shown.json()["member"] == .string("one"))
        let other = try await Ecabinet.run(
            ["ping", "--profile", "two", "--json"],
            environment: environment
        )
        #expect(
            try other.errorJSON()["cause"]
                == .string(
                    "neither the command line nor the profile «two» has it"
                )
        )
    }

    @Test("A setting that is missing is named, with where it can be given")
    func settingMissing() async throws {
        let outcome = try await run(["ping", "--server", "127.0.0.1:1"])
        #expect(outcome.status == 78)
        #expect(outcome.errors.contains("error: --certificate is missing"))
        #expect(outcome.errors.contains("«ecabinet profile set default --certificate …»"))
    }

    @Test(
        "A name that could leave the folder is none",
        arguments: ["../x", ".hidden", "", "A", "a/b", "ệ", String(repeating: "a", count: 65)]
    )
    func names(_ name: String) async throws {
        #expect(throws: Failure.self) { try ProfileName(name) }
    }

    @Test("A file that is no profile is named, with what is wrong with it")
    func damaged() async throws {
        _ = try await run(["profile", "set", "p", "--member", "m"])
        let path = folder.path("config/profiles/p/profile.json")
        for (text, why) in [
            ("{\"server\": 1}", "«server» is not a text"), ("{", "line 1, column 2"),
            ("{\"sevrer\": \"a:1\"}", "it has «sevrer», which means nothing"),
            ("{\"server\": \"a\"}", "no address with a port"), ("[]", "not a JSON object"),
        ] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            let outcome = try await run(["profile", "show", "p"])
            #expect(outcome.status == 78)
            #expect(outcome.errors.contains(path))
            #expect(outcome.errors.contains(why), "\(outcome)")
        }
    }
}
