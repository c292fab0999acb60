import Foundation
import TestSupport
import Testing

/// The session of 24 June 2019, played again.
@Suite struct DemoTests {
    @Test(
        "The session is played and verified, and no process is left",
        arguments: [
            (
                "en",
                [
                    "21 members are in the room, 4 remote, 2 absent",
                    "Quorum 18 of 27: present 25 (21 in the room, 4 remote)",
                    "24 signed ballots are in the log",
                    "Minister of Transport: the link is cut",
                    "from the first time: it counts once",
                    "Carried: 25 of 27 in favour, 14 needed, quorum 18 met by 25",
                    "25 devices have verified their receipts",
                    "The 25 ballots that members have receipts of are in the log, each once",
                    "Everything has verified",
                ]
            ),
            (
                "vi",
                [
                    "21 thành viên tại phòng họp, 4 dự từ xa, 2 vắng mặt",
                    "24 phiếu đã ký số đã vào nhật ký",
                    "chỉ tính một lần",
                    "25/27 tán thành, cần 14; đủ túc số 18 (có 25)",
                    "Mọi thứ đều đã được xác minh",
                ]
            ),
        ]
    )
    func plays(_ language: String, _ said: [String]) throws {
        let demo = try Demo(["--pace", "0", "--language", language])
        #expect(demo.waitForEnd() == 0, "\(demo.errors)")
        let output = demo.output
        for text in said { #expect(output.contains(text), "«\(text)» in \(output)") }
        // By tools that are not ours: verify-minutes, and openssl.
        #expect(output.contains("25 yes, 14 needed; 0 no, 0 abstain, 2 not voted"))
        #expect(output.contains("CMS Verification successful"))
        // And by what the minutes' own README says.
        for number in 1...5 { #expect(output.contains("    ok: \(number). "), "\(number)") }
        #expect(output.contains("polls/resolution CARRIED yes, no, abstain: [25, 0, 0] needed: 14"))
        #expect(output.contains("1 polls, 29 people: as the log says"))
        #expect(demo.processes.isEmpty)
        let minutes = demo.folder + "/minutes-2019-06-24"
        #expect(FileManager.default.fileExists(atPath: minutes + "/minutes.html"))
        #expect(FileManager.default.fileExists(atPath: minutes + ".tar"))
        #expect(demo.errors.isEmpty)
    }

    @Test("Each ballot is on the wall board as it comes, once")
    func board() throws {
        let demo = try Demo(["--pace", "0", "--language", "en"])
        #expect(demo.waitForEnd() == 0, "\(demo.errors)")
        let ballots = demo.output.split(separator: "\n").filter {
            $0.hasPrefix("  | Poll resolution: ") && $0.contains(": in favour, ")
        }
        #expect(ballots.count == 25)
        #expect(Set(ballots).count == 25)
        #expect(ballots.count { $0.hasSuffix("in favour, remote") } == 4)
        #expect(demo.output.contains("  | Poll resolution: Carried: 25 of 27 in favour"))
    }

    @Test("The commands that it tells to try work")
    func nextSteps() throws {
        let demo = try Demo(["--pace", "0", "--language", "en"])
        #expect(demo.waitForEnd() == 0, "\(demo.errors)")
        let commands = demo.output.split(separator: "\n").map(String.init)
            .drop { $0 != "What to try next:" }
            .filter { $0.hasPrefix("  ") && !$0.hasPrefix("  #") }
        func command(with text: String) throws -> String {
            try #require(commands.first { $0.contains(text) }, "\(text) in \(commands)")
        }

        // As they are, in a shell that has nothing of the demo's.
        for text in ["ecabinet verify", "verify-minutes"] {
            let outcome = try Shell.run(try command(with: text))
            #expect(outcome.status == 0, "\(outcome.output)")
            #expect(try command(with: "ecabinet verify").hasPrefix("  ECABINET_CONFIG_HOME="))
        }
        let export = try command(with: "export ECABINET_CONFIG_HOME=")
        let receipts = try Shell.run("\(export); \(try command(with: "receipt list"))")
        #expect(receipts.status == 0, "\(receipts.output)")

        let server = try Shell.start(try command(with: "ecabinetd --config"))
        defer {
            kill(-server.processIdentifier, SIGTERM)
            server.waitUntilExit()
        }
        let show = "LC_ALL=C.UTF-8 " + (try command(with: "poll show"))
        var outcome = try Shell.run("\(export); \(show)")
        for _ in 0..<100 where outcome.status != 0 {
            usleep(100_000)
            outcome = try Shell.run("\(export); \(show)")
        }
        #expect(outcome.status == 0, "\(outcome.output)")
        #expect(outcome.output.contains("Carried: 25 of 27 in favour"), "\(outcome.output)")
    }

    @Test("Where the minutes do not verify it says so, fails, and leaves no process")
    func wrongVerifier() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("verifiers-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let verifier = folder.appendingPathComponent("verify-minutes").path
        try Data("#!/bin/sh\necho 'not verified: a test' >&2\nexit 1\n".utf8)
            .write(to: URL(fileURLWithPath: verifier))
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755],
            ofItemAtPath: verifier
        )

        let demo = try Demo(["--pace", "0", "--language", "en"], verifiers: folder.path)
        #expect(demo.waitForEnd() == 1)
        #expect(demo.errors.contains("ecabinet-demo: Verifying offline: "))
        #expect(demo.errors.contains("exited with 1:\nnot verified: a test"))
        #expect(demo.errors.contains("is in \(demo.folder)"))
        #expect(!demo.output.contains("Everything has verified"))
        #expect(demo.processes.isEmpty)
    }

    @Test("On a terminal it shows the board, gives the screen back, and says then what was said")
    func terminal() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("ecabinet-demo-terminal-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let verifiers = Script.packageRoot.appendingPathComponent("scripts").path
        // A terminal of its own, of 80 columns and 24 rows.
        let outcome = try Shell.run(
            "TERM=xterm LC_ALL=C.UTF-8 script -qec \"\(Demo.program("ecabinet-demo")) --pace 0.05 "
                + "--language en --keep \(folder) --verifiers \(verifiers)\" /dev/null"
        )
        #expect(outcome.status == 0, "\(outcome.output)")
        let parts = outcome.output.components(separatedBy: "\u{1b}[?1049")
        try #require(parts.count == 3, "\(outcome.output)")
        // The board: the agenda, the poll and the seats.
        #expect(parts[1].contains("First session of the e-Cabinet"))
        #expect(parts[1].contains("Prime Minister"))
        #expect(parts[1].contains("25 of 14 needed"))
        #expect(!parts[1].contains("q: quit"))
        // Afterwards.
        for text in [
            "21 members are in the room", "Carried: 25 of 27 in favour",
            "CMS Verification successful", "Everything has verified",
        ] {
            #expect(parts[2].contains(text), "«\(text)»")
        }
    }

    /// The demo at a terminal of its own, with the board on it.
    private func raised(_ body: (TerminalDemo) throws -> Void) throws {
        let demo = try TerminalDemo(["--pace", "60", "--language", "en"])
        try demo.wait {
            $0.contains("\u{1b}[?1049h") && $0.contains("First session of the e-Cabinet")
        }
        try body(demo)
    }

    @Test("Ctrl-\\ ends it with the terminal as it was, and no process is left")
    func quit() throws {
        try raised { demo in
            try demo.type("\u{1c}")
            #expect(try demo.waitForEnd() == 130)
            #expect(demo.output.contains("interrupted"))
            let last = demo.output.components(separatedBy: "\u{1b}[?1049").last ?? ""
            #expect(last.hasPrefix("l"), "\(last)")
            #expect(demo.processes.isEmpty)
        }
    }

    @Test("Ctrl-Z gives the terminal back, and when it goes on the board is drawn again")
    func suspended() throws {
        try raised { demo in
            try demo.type("\u{1a}")
            // script(1) stops as soon as the demo does, and may write what that said last when it goes on.
            try demo.waitUntilStopped()
            demo.resume()
            func drawings() -> [String] {
                Array(demo.output.components(separatedBy: "\u{1b}[?1049h").dropFirst())
            }
            // script(1) may continue it as well, and then it is drawn twice.
            try demo.wait { _ in
                drawings().dropFirst().contains { $0.contains("First session of the e-Cabinet") }
            }
            #expect(drawings().first?.contains("\u{1b}[?1049l") == true)
            try demo.type("\u{3}")
            #expect(try demo.waitForEnd() == 130)
            let last = demo.output.components(separatedBy: "\u{1b}[?1049").last ?? ""
            #expect(last.hasPrefix("l"), "\(last)")
        }
    }

    @Test("A command line that is wrong is refused before anything is built")
    func script() throws {
        let script = Script.packageRoot.appendingPathComponent("scripts/demo").path
        for (arguments, status, text) in [
            ("--pace 61", 64, "0 to 60"), ("--pace fast", 64, "0 to 60"), ("--pace", 64, "0 to 60"),
            ("--pace -1", 64, "0 to 60"), ("--language fr", 64, "vi or en"),
            ("--keep", 64, "a folder"), ("--keep /etc", 73, "not empty"),
            ("--keep /etc/passwd", 73, "no folder"), ("--speed 1", 64, "no option --speed"),
        ] {
            // What would install or build something is not found.
            let outcome = try Shell.run(
                "swift() { exit 99; }; export -f swift; \(script) \(arguments)"
            )
            #expect(outcome.status == Int32(status), "\(arguments): \(outcome.output)")
            #expect(outcome.output.contains(text), "\(arguments): \(outcome.output)")
        }
        let help = try Shell.run("\(script) --pace 61 --help")
        #expect(help.status == 0)
        #expect(help.output.contains("0 to 60") && help.output.contains("130"))
    }

    @Test("Without a verifier it does not begin")
    func noVerifier() throws {
        let demo = try Demo(["--language", "en"], verifiers: "/nowhere")
        #expect(demo.waitForEnd() == 69)
        #expect(demo.errors.contains("there is no /nowhere/verify-minutes"))
        #expect(demo.output.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: demo.folder))
    }

    @Test("A folder that has something in it is left alone")
    func folderInUse() throws {
        let demo = try Demo(["--language", "en", "--keep", "/etc"], keeps: false)
        #expect(demo.waitForEnd() == 73)
        #expect(demo.errors.contains("/etc is not empty"))
    }

    @Test(
        "Interrupted, it ends the server and removes what nobody asked to keep",
        arguments: [
            SIGINT, SIGQUIT, SIGTERM, SIGHUP,
        ]
    )
    func interrupted(_ signal: Int32) throws {
        let demo = try Demo(["--pace", "60", "--language", "en"], keeps: false)
        try demo.wait(for: "ecabinetd listens on")
        #expect(!demo.processes.isEmpty)
        demo.send(signal)
        #expect(demo.waitForEnd() == 130)
        #expect(demo.errors.contains("interrupted"))
        #expect(demo.processes.isEmpty)
        #expect(demo.temporaryFolders.isEmpty)
    }

    @Test("Killed, it takes the server with it")
    func killed() throws {
        let demo = try Demo(["--pace", "60", "--language", "en"])
        try demo.wait(for: "ecabinetd listens on")
        demo.send(SIGKILL)
        #expect(demo.waitForEnd() == -SIGKILL)
        #expect(demo.waitUntilAlone(), "\(demo.processes)")
    }
}

/// Commands as they are typed.
private enum Shell {
    static func run(_ command: String) throws -> (status: Int32, output: String) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", command]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    /// Starts a command in a process group of its own.
    static func start(_ command: String) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", "exec \(command)"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }
}
