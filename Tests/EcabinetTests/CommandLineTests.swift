import Foundation
import Testing

@testable import ecabinet

/// What the program says about itself, and about a wrong command line.
@Suite struct CommandLineTests {
    @Test("--help names the groups of commands and every exit code")
    func help() async throws {
        let outcome = try await Ecabinet.run(["--help"])
        #expect(outcome.status == 0)
        for name in ["profile", "ping", "call", "directory", "pki", "completions"] {
            #expect(outcome.output.contains("\n  \(name) "), "\(name)")
        }
        for status in ExitStatus.allCases {
            #expect(outcome.output.contains("\n  \(status.rawValue) "), "\(status)")
        }
    }

    @Test("Every command explains itself and each of its options")
    func everyHelp() async throws {
        let dump = try await Ecabinet.run(["--experimental-dump-help"]).json()
        let commands = Self.commands(of: try #require(dump["command"]), [])
        #expect(commands.count > 50)
        for (path, options) in commands {
            let help = try await Ecabinet.run(path + ["--help"])
            #expect(help.status == 0, "\(path): \(help)")
            for option in options { #expect(help.output.contains("--\(option)"), "\(path)") }
        }
    }

    /// Each command by the words that name it, with its options that are shown.
    private static func commands(
        of command: JSONValue,
        _ path: [String]
    ) -> [(path: [String], options: [String])] {
        func list(_ name: String) -> [JSONValue] {
            if case .array(let values)? = command[name] { values } else { [] }
        }
        let options = list("arguments").filter { $0["shouldDisplay"] == .bool(true) }
            .compactMap { argument -> String? in
                guard case .string(let name)? = argument["preferredName"]?["name"],
                    argument["preferredName"]?["kind"] == .string("long")
                else { return nil }
                return name
            }
        return [(path, options)]
            + list("subcommands").flatMap { subcommand -> [(path: [String], options: [String])] in
                guard case .string(let name)? = subcommand["commandName"], name != "help" else {
                    return []
                }
                return commands(of: subcommand, path + [name])
            }
    }

    @Test(
        "A wrong command line is explained",
        arguments: [
            (["pnig"], "Unexpected argument 'pnig'"),
            (["ping", "--count", "0"], "--count is a number from 1 to"),
            (["ping", "--timeout", "1d"], "'1d' is invalid"),
            (["ping", "--server", "localhost"], "'localhost' is invalid"),
            (["call"], "Name a method"),
            (["call", "x", "--idempotency-key", "00"], "32 hexadecimal digits"),
            (["pki", "issue", "device", "a", "--host", "b"], "--host is for servers"),
            (["pki", "issue", "server", "a"], "--host is for servers"),
            (["pki", "create", "--days", "0"], "--days is a number"),
            (["directory", "list", "--role", "king"], "'king' is invalid"),
            (["directory", "certificate", "add", "a", "b", "--use", "transport"], "--device"),
        ]
    )
    func mistake(_ arguments: [String], _ explanation: String) async throws {
        let outcome = try await Ecabinet.run(arguments)
        #expect(outcome.status == 64, "\(outcome)")
        #expect(outcome.errors.contains(explanation), "\(outcome)")
        #expect(outcome.output.isEmpty)
        let json = try await Ecabinet.run(arguments + ["--json"])
        #expect(json.status == 64)
        #expect(try json.errorJSON()["reason"] == .string("USAGE"))
    }

    @Test("Completions are those of the shell", arguments: ["bash", "zsh", "fish"])
    func completions(_ shell: String) async throws {
        let outcome = try await Ecabinet.run(["completions", shell])
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("directory"))
        #expect(outcome.output.contains("ecabinet"))
        if shell == "bash" {
            let checked = try await RunningShell.check(outcome.output)
            #expect(checked == 0)
        }
    }

    @Test("A full disk under the output is said to be so")
    func fullDisk() async throws {
        let outcome = try await Ecabinet.run(["completions", "bash"], outputPath: "/dev/full")
        #expect(outcome.status == 74, "\(outcome)")
        #expect(outcome.errors.contains("error: the output cannot be written"))
        #expect(outcome.errors.contains("No space left on device"))
    }

    @Test("Whoever stops reading the output hears no complaint")
    func closedOutput() async throws {
        let outcome = try await RunningShell.runUnread(["completions", "bash"])
        #expect(outcome.errors.isEmpty)
        #expect(outcome.status == 141)
    }

    @Test("Failures are coloured where that is asked for, and not otherwise")
    func colours() async throws {
        let arguments = ["profile", "show", "nobody"]
        let plain = try await Ecabinet.run(arguments)
        #expect(!plain.errors.contains("\u{1b}"))
        let coloured = try await Ecabinet.run(arguments + ["--color", "always"])
        #expect(coloured.errors.hasPrefix("\u{1b}[31mecabinet: error:\u{1b}[0m"))
    }
}

/// Commands of a shell.
enum RunningShell {
    static func run(_ command: String) async throws -> Ecabinet.Outcome {
        try await RunningProgram("/bin/bash", ["-c", command]).outcome()
    }

    /// Runs `ecabinet` with a pipe for standard output that nobody reads any more.
    static func runUnread(_ arguments: [String]) async throws -> Ecabinet.Outcome {
        let program = Bundle.main.bundleURL.appendingPathComponent("ecabinet").path
        let script = #"""
            pipe=$(mktemp -u); mkfifo "$pipe"
            exec 3<>"$pipe" 4>"$pipe" 3<&-
            rm "$pipe"
            "$0" "$@" >&4
            """#
        return try await RunningProgram("/bin/bash", ["-c", script, program] + arguments).outcome()
    }

    /// Whether a script can be parsed: 0 where it can.
    static func check(_ script: String) async throws -> Int32 {
        try await RunningProgram("/bin/bash", ["-n"], input: script).outcome().status
    }
}
