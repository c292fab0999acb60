import CabinetClientTexts
import CabinetMapping
import CabinetTexts
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
            (["pnig"], "error: «pnig» is not expected here\n"),
            (["ping", "--cuont", "3"], "there is no option --cuont here; did you mean --count?\n"),
            (["ping", "--colour", "never", "x"], "there is no option --colour here"),
            (["vote", "p"], "error: <choice> is missing\n  why: <choice>  yes, no or abstain.\n"),
            (
                ["vote", "p", "maybe"],
                "«maybe» is no value of <choice>: it is one of yes, no, abstain\n"
            ),
            (["vote", "p", "yes", "a", "b"], "error: not expected here: 'a', 'b'\n"),
            (["ping", "--server"], "error: --server <host:port> lacks its value\n"),
            (["ping", "--json=yes"], "does not take any value"),
            (["ping", "--count", "0"], "--count is a number from 1 to"),
            (["ping", "--timeout", "1d"], "«1d» is no value of --timeout <time>\n"),
            (["ping", "--server", "localhost"], "«localhost» is no value of --server"),
            (["call"], "Name a method"),
            (["call", "x", "--idempotency-key", "00"], "32 hexadecimal digits"),
            (["pki", "issue", "device", "a", "--host", "b"], "--host is for servers"),
            (["pki", "issue", "server", "a"], "--host is for servers"),
            (["pki", "create", "--days", "0"], "--days is a number"),
            (
                ["directory", "list", "--role", "king"],
                "--role <role>: it is one of member, chair, secretary, guest,"
            ),
            (["directory", "certificate", "add", "a", "b", "--use", "transport"], "--device"),
        ]
    )
    func mistake(_ arguments: [String], _ explanation: String) async throws {
        let outcome = try await Ecabinet.run(arguments)
        #expect(outcome.status == 64, "\(outcome)")
        #expect(outcome.errors.contains(explanation), "\(outcome)")
        #expect(outcome.errors.hasPrefix("ecabinet: error: "), "\(outcome)")
        #expect(outcome.errors.contains("--help» says what can be given\n"), "\(outcome)")
        #expect(outcome.output.isEmpty)
        let json = try await Ecabinet.run(arguments + ["--json"])
        #expect(json.status == 64)
        #expect(try json.errorJSON()["reason"] == .string("USAGE"))
    }

    @Test("A wrong command line is explained in Vietnamese as well, with the command's own help")
    func vietnameseMistake() async throws {
        let unknown = try await Ecabinet.run(["poll", "list", "--language", "vi", "--itm", "a"])
        #expect(
            unknown.errors == """
                ecabinet: lỗi: ở đây không có tùy chọn --itm; có phải --item không?
                  nên làm: «ecabinet poll list --help» cho biết cách dùng

                """
        )
        for (arguments, explanation) in [
            (["vote", "p"], "lỗi: thiếu <choice>\n"),
            (
                ["vote", "p", "maybe"],
                "«maybe» không phải giá trị của <choice>: phải là một trong yes, no, abstain\n"
            ),
            (["vote", "p", "yes", "x"], "lỗi: ở đây không dùng «x»\n"),
            (["ping", "--server"], "lỗi: --server <host:port> chưa có giá trị\n"),
            (["ping", "--count", "0"], "lỗi: dòng lệnh không đúng\n"),
        ] {
            let outcome = try await Ecabinet.run(
                arguments,
                environment: ["LC_ALL": "vi_VN.UTF-8"]
            )
            #expect(outcome.status == 64)
            #expect(outcome.errors.contains(explanation), "\(outcome)")
        }
    }

    @Test("Each command that advice names is there")
    func advice() async throws {
        let dump = try await Ecabinet.run(["--experimental-dump-help"]).json()
        let commands = Self.commands(of: try #require(dump["command"]), [])
        var named: Set<String> = []
        for reason in FailureReason.allCases {
            for state in ["", "SCHEDULED", "RECESS", "ADJOURNED"] {
                let next = reason.advice(["state": state], namingCommandsIn: .english).next
                named.formUnion(next.matches(of: /«ecabinet (.+?)»/).map { String($0.1) })
            }
        }
        #expect(named.count > 15)
        for command in named {
            let words = command.split(separator: " ").map(String.init)
            let path = words.filter { !$0.hasPrefix("--") }
            let options = words.filter { $0.hasPrefix("--") }.map { String($0.dropFirst(2)) }
            let found = commands.first { $0.path == path }
            #expect(found != nil, "\(command)")
            #expect(Set(options).isSubset(of: found?.options ?? []), "\(command)")
        }
    }

    @Test("A file that is not there is complained of before the key that it would be verified with")
    func nothingToVerify() async throws {
        let outcome = try await Ecabinet.run(["verify", "/nope"])
        #expect(outcome.status == 66, "\(outcome)")
        #expect(outcome.errors.contains("/nope cannot be read"), "\(outcome)")
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
