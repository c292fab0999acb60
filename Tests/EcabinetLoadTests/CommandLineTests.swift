import Testing

/// What the program says about itself, and about a wrong command line.
@Suite struct CommandLineTests {
    @Test("--help explains the options and the exit codes", arguments: helps)
    func help(_ command: String, _ options: [String]) throws {
        let outcome = try Load.run([command, "--help"])
        #expect(outcome.status == 0)
        for option in options { #expect(outcome.output.contains(option)) }
        for code in [0, 1, 64, 66, 69, 71, 77] {
            #expect(outcome.output.contains("\n  \(code) "), "\(code)")
        }
    }

    private static let helps: [(String, [String])] = [
        (
            "echo-server",
            [
                "--listen", "--certificate", "--key", "--ca", "--crl", "--pki", "--threads",
                "--grace", "--max-connections-per-address", "SIGTERM",
            ]
        ),
        (
            "echo",
            [
                "--target", "--connections", "--in-flight", "--payload", "--duration", "--warm-up",
                "--json", "What is measured", "latency_us",
            ]
        ),
    ]

    @Test("A wrong command line is explained", arguments: mistakes)
    func mistake(_ arguments: [String], _ explanation: String) throws {
        let outcome = try Load.run(arguments)
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains(explanation))
    }

    private static let mistakes: [([String], String)] = [
        (["echo-server", "--listen", "127.0.0.1:0"], "It needs --certificate, --key and --ca"),
        (
            ["echo-server", "--listen", "127.0.0.1:0", "--pki", "x", "--ca", "y"],
            "--pki stands in place of"
        ),
        (["echo-server", "--listen", "7443", "--pki", "x"], "'7443' is invalid"),
        (["echo-server", "--listen", "::1:7443", "--pki", "x"], "'::1:7443' is invalid"),
        (
            ["echo-server", "--listen", "127.0.0.1:0", "--pki", "x", "--log-level", "loud"],
            "the log levels are trace, debug"
        ),
        (
            ["echo", "--target", "127.0.0.1:1", "--pki", "x", "--payload", "16385"],
            "--payload is a number of bytes from 0 to 16384"
        ),
        (
            ["echo", "--target", "127.0.0.1:1", "--pki", "x", "--connections", "0"],
            "--connections is a number from 1 to 100000"
        ),
        (
            ["echo", "--target", "127.0.0.1:1", "--pki", "x", "--duration", "nan"],
            "--duration is 0.1 to 86400 seconds"
        ),
    ]
}
