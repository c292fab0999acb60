import Foundation
import TLSTestSupport
import Testing

/// What the program makes of its settings, before it serves.
@Suite struct SettingsTests {
    private let folder: TemporaryFolder
    private var data: String { folder.path("data") }

    init() throws {
        folder = try TemporaryFolder()
    }

    // MARK: - Where a setting comes from

    /// The installation's name has no «+»: the complaint about it says which source was taken.
    private func name(
        flag: String?,
        environment: String?,
        file: String?
    ) async throws -> String? {
        let config = try file.map { try folder.write("{\"name\": \"\($0)\"}", "config.json") }
        let running = try await Server.run(
            data: data,
            ["--name": flag],
            environment: environment.map { ["ECABINET_NAME": $0] } ?? [:],
            file: config,
            checkConfig: true
        )
        #expect(running.status == 78)
        return running.errors.split(separator: "«").last.flatMap {
            $0.split(separator: "»").first.map(String.init)
        }
    }

    @Test("A flag goes before the environment, and the environment before the file")
    func precedence() async throws {
        #expect(
            try await name(flag: "a+flag", environment: "a+variable", file: "a+file") == "a+flag"
        )
        #expect(
            try await name(flag: nil, environment: "a+variable", file: "a+file") == "a+variable"
        )
        #expect(try await name(flag: nil, environment: nil, file: "a+file") == "a+file")
    }

    @Test("All settings can come from a file, nested as their names are, or from the environment")
    func otherSources() async throws {
        let pki = PKI.shared
        let left = Server.settings.keys.map { ($0, String?.none) }
        let none = Dictionary(uniqueKeysWithValues: left)
        let config = try folder.write(
            """
            {
                "name": "cabinet.example",
                "data": "\(data)",
                "listen": "127.0.0.1:0",
                "tls": {
                    "certificate": "\(pki.path("server.pem"))",
                    "key": "\(pki.path("server.key"))",
                    "authorities": "\(pki.path("ca.pem"))"
                },
                "grace": 5,
                "connections-per-address": 5000,
                "connection-rate": 500,
                "live": { "history": 1024, "patience": 60 },
                "metrics": "127.0.0.1:9464",
                "metrics-exposed": "no"
            }
            """,
            "whole.json"
        )
        let file = try await Server.run(data: nil, none, file: config, checkConfig: true)
        #expect(file.status == 0)
        let environment = try await Server.run(
            data: nil,
            none,
            environment: [
                "ECABINET_NAME": "cabinet.example",
                "ECABINET_DATA": data,
                "ECABINET_LISTEN": "127.0.0.1:0",
                "ECABINET_TLS_CERTIFICATE": pki.path("server.pem"),
                "ECABINET_TLS_KEY": pki.path("server.key"),
                "ECABINET_TLS_AUTHORITIES": pki.path("ca.pem"),
            ],
            checkConfig: true
        )
        #expect(environment.status == 0)
        #expect(environment.output == "the configuration is sound\n")
    }

    @Test(
        "What the client on the command line reads from the environment is no mistake of the server's"
    )
    func variablesOfClient() async throws {
        let running = try await Server.run(
            data: data,
            environment: [
                "ECABINET_CONFIG_HOME": folder.path, "ECABINET_MEETING": "2019-06-24",
                "ECABINET_PROFILE": "admin",
            ],
            checkConfig: true
        )
        #expect(running.status == 0, "\(running.errors)")
    }

    @Test("--check-config says that all is well, and makes nothing")
    func checkConfig() async throws {
        let running = try await Server.run(data: data, checkConfig: true)
        #expect(running.status == 0)
        #expect(running.output == "the configuration is sound\n")
        #expect(running.errors.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: data))
    }

    @Test("--help names every exit code")
    func help() async throws {
        let running = try Running(["--help"])
        try await running.end()
        #expect(running.status == 0)
        for code in [0, 64, 66, 69, 70, 71, 74, 75, 78] {
            #expect(running.output.contains("\n  \(code) "), "\(code)")
        }
    }

    // MARK: - What is wrong with them

    struct Mistake: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var changes: @Sendable () -> [String: String?] = { [:] }
        var environment: [String: String] = [:]
        var file: String?
        let status: Int32
        /// What the message has to say.
        let message: String
    }

    @Test("A mistake is explained, with the exit code of its kind", arguments: mistakes)
    func mistake(_ mistake: Mistake) async throws {
        let file = try mistake.file.map { try folder.write($0, "config.json") }
        for checkConfig in [true, false] {
            let running = try await Server.run(
                data: data,
                mistake.changes(),
                environment: mistake.environment,
                file: file,
                checkConfig: checkConfig
            )
            #expect(running.status == mistake.status)
            #expect(running.errors.hasPrefix("ecabinetd: "))
            #expect(running.errors.contains(mistake.message), "\(running.errors)")
            #expect(running.output.isEmpty)
        }
        #expect(!FileManager.default.fileExists(atPath: data))
    }

    private static let mistakes = [
        Mistake(
            testDescription: "a setting is left out",
            changes: { ["--listen": nil] },
            status: 78,
            message: "give --listen, ECABINET_LISTEN, or «listen» in the configuration file"
        ),
        Mistake(
            testDescription: "no address",
            changes: { ["--listen": "7443"] },
            status: 78,
            message: "«listen» is «7443»"
        ),
        Mistake(
            testDescription: "a number out of bounds",
            changes: { ["--connections": "0"] },
            status: 78,
            message: "it is a number from 1 to 1000000"
        ),
        Mistake(
            testDescription: "a history that is too short",
            changes: { ["--live-history": "255"] },
            status: 78,
            message: "it is a number from 256 to 1048576"
        ),
        Mistake(
            testDescription: "no number",
            changes: { ["--grace": "soon"] },
            status: 78,
            message: "«grace» is «soon»"
        ),
        Mistake(
            testDescription: "a name in place of an address of the metrics",
            changes: { ["--metrics": "localhost:9464"] },
            status: 78,
            message: "it is an IP address with a port, as 127.0.0.1:9464 or [::1]:9464"
        ),
        Mistake(
            testDescription: "an address of the metrics without a port",
            changes: { ["--metrics": "127.0.0.1"] },
            status: 78,
            message: "«metrics» is «127.0.0.1»"
        ),
        Mistake(
            testDescription: "a port of the metrics with a sign",
            changes: { ["--metrics": "127.0.0.1:+9464"] },
            status: 78,
            message: "«metrics» is «127.0.0.1:+9464»"
        ),
        Mistake(
            testDescription: "a port of the metrics that there is not",
            changes: { ["--metrics": "127.0.0.1:65536"] },
            status: 78,
            message: "«metrics» is «127.0.0.1:65536»"
        ),
        Mistake(
            testDescription: "an IPv6 address of the metrics without brackets",
            changes: { ["--metrics": "::1:9464"] },
            status: 78,
            message: "«metrics» is «::1:9464»"
        ),
        Mistake(
            testDescription: "an IPv4 address of the metrics in brackets",
            changes: { ["--metrics": "[127.0.0.1]:9464"] },
            status: 78,
            message: "«metrics» is «[127.0.0.1]:9464»"
        ),
        Mistake(
            testDescription: "metrics that others may read, which nobody has said that they may",
            changes: { ["--metrics": "0.0.0.0:9464"] },
            status: 78,
            message: "which others than this machine may reach"
        ),
        Mistake(
            testDescription: "the same over IPv6",
            changes: { ["--metrics": "[::]:9464", "--metrics-exposed": "no"] },
            status: 78,
            message: "give --metrics-exposed yes if that is meant"
        ),
        Mistake(
            testDescription: "an answer that is neither yes nor no",
            changes: { ["--metrics-exposed": "true"] },
            status: 78,
            message: "«metrics-exposed» is «true»; it is yes or no"
        ),
        Mistake(
            testDescription: "a log level that there is not",
            changes: { ["--log-level": "loud"] },
            status: 78,
            message: "it is one of trace, debug"
        ),
        Mistake(
            testDescription: "an identifier that is none",
            changes: { ["--administrator-id": "Quản trị"] },
            status: 78,
            message: "the first administrator:"
        ),
        Mistake(
            testDescription: "a mistyped variable",
            environment: ["ECABINET_LISTENS": "127.0.0.1:0"],
            status: 78,
            message: "there is no setting for the environment variable ECABINET_LISTENS"
        ),
        Mistake(
            testDescription: "a mistyped key in the file",
            file: #"{"tls": {"certificat": "x"}}"#,
            status: 78,
            message: "there is no setting «tls.certificat»"
        ),
        Mistake(
            testDescription: "a file that is no JSON",
            file: "listen = 127.0.0.1:0",
            status: 78,
            message: "the configuration file"
        ),
        Mistake(
            testDescription: "a file that is no object",
            file: "[1]",
            status: 78,
            message: "is no JSON object"
        ),
        Mistake(
            testDescription: "a certificate that is not there",
            changes: { ["--tls-certificate": PKI.shared.path("nobody.pem")] },
            status: 66,
            message: "nobody.pem"
        ),
        Mistake(
            testDescription: "another's key",
            changes: { ["--tls-key": PKI.shared.path("client.key")] },
            status: 66,
            message: "KEY_MISMATCH"
        ),
        Mistake(
            testDescription: "a log key that is none",
            changes: { ["--log-key": PKI.shared.path("server.key")] },
            status: 66,
            message: "server.key"
        ),
        Mistake(
            testDescription: "issuers that are none",
            changes: { ["--issuers": PKI.shared.path("nothing.pem")] },
            status: 66,
            message: "nothing.pem"
        ),
    ]

    @Test("A file that is not there is named")
    func noFile() async throws {
        let running = try await Server.run(data: data, file: folder.path("none.json"))
        #expect(running.status == 78)
        #expect(running.errors.contains("none.json"))
    }

    @Test("A flag that there is not is a wrong command line")
    func unknownFlag() async throws {
        let running = try await Server.run(data: data, ["--listens": "x"])
        #expect(running.status == 64)
        #expect(running.errors.contains("--listens"))
    }
}
