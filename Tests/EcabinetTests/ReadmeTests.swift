import Foundation
import Testing

@testable import ecabinet

/// What the README has its reader type.
@Suite struct ReadmeTests {
    @Test("«Run your own server» works as it is written, up to minutes that verify")
    func ownServer() async throws {
        let blocks = try Self.blocks()
        try #require(blocks.count == 5, "server, preparation, watch, vote, minutes")
        let folder = TestFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path(".build"),
            withIntermediateDirectories: true
        )
        try FileManager.default.createSymbolicLink(
            atPath: folder.path(".build/release"),
            withDestinationPath: Bundle.main.bundleURL.path
        )
        let listening = try Loopback.listen()
        close(listening.descriptor)
        func script(_ block: String) -> String {
            // It is built, the port may be another's, and the server is to end with the test.
            "set -e; swift() { :; }; cd \(folder.path); export HOME=\(folder.path)\n"
                + block.replacing("7443", with: "\(listening.port)")
                .replacing("\necabinetd ", with: "\nexec ecabinetd ")
                .replacing("\necabinet watch ", with: "\nexec ecabinet watch ")
        }
        let server = try RunningProgram("/bin/bash", ["-c", script(blocks[0])])
        try await server.wait { $0.output.contains("listening on") }
        let prepared = try await RunningProgram("/bin/bash", ["-c", script(blocks[1])]).outcome()
        #expect(prepared.status == 0, "\(prepared)")
        // What the second terminal still has of it.
        let exports = blocks[1].split(separator: "\n").filter { $0.hasPrefix("export ") }
            .joined(separator: "\n")

        let watching = try RunningProgram("/bin/bash", ["-c", script(blocks[2])])
        try await watching.wait { !$0.output.isEmpty }
        try await tutorial(in: folder) { script("\(exports)\n\($0)") }
        // At a terminal, where the member who votes is asked.
        let file = try folder.write(
            script("\(exports)\n\(blocks[3])\(blocks[4])"),
            "commands.sh"
        )
        let commands = try await RunningProgram(
            "/usr/bin/script",
            ["--quiet", "--return", "--flush", "--command", "bash \(file)", "/dev/null"],
            input: "y\n"
        ).outcome()
        #expect(commands.status == 0, "\(commands)")
        #expect(commands.output.contains("you have voted: in favour"), "\(commands)")
        let verified = "every signature, every decision and every count holds"
        #expect(commands.output.components(separatedBy: verified).count >= 3, "\(commands)")
        try await watching.wait { $0.output.contains("poll-1") }
        watching.send(SIGTERM)
        _ = try await watching.outcome()
        server.send(SIGTERM)
        _ = try await server.outcome()
    }

    /// What the tutorial of CabinetClient has its reader type beside the trial, where its meeting is open.
    private func tutorial(in folder: TestFolder, _ script: (String) -> String) async throws {
        let program = try Self.resource("main.swift")
        #expect(
            program == "try await followAndVote(meeting: \"trial\", member: \"m1\", "
                + "port: 7443, folder: \"files\")\n"
        )
        let files = try Self.resource("files.sh").replacing(
            "trial=../e-cabinet/trial",
            with: "trial=\(folder.path("trial"))"
        )
        let commands = "\(files)\(try Self.resource("poll.sh"))\(try Self.resource("close.sh"))"
        let outcome = try await RunningProgram("/bin/bash", ["-c", script(commands)]).outcome()
        #expect(outcome.status == 0, "\(outcome)")
        // Those that its program opens (TutorialTests).
        let names = [
            "ca.pem", "log-key.vkey", "member.key", "member.pem", "tablet.key", "tablet.pem",
        ]
        let made = try FileManager.default.contentsOfDirectory(atPath: folder.path("trial/files"))
        #expect(made.sorted() == names)
    }

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static func resource(_ name: String) throws -> String {
        let folder = "Sources/CabinetClient/CabinetClient.docc/Resources"
        let url = root.appending(path: "\(folder)/FollowAndVote-\(name)")
        return try String(contentsOf: url, encoding: .utf8)
    }

    /// The indented blocks of the section.
    private static func blocks() throws -> [String] {
        let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
        let sections = readme.split(separator: "\n## ")
        let section = try #require(sections.first { $0.hasPrefix("Run your own server") })
        var blocks: [String] = []
        var isInBlock = false
        for line in section.split(separator: "\n", omittingEmptySubsequences: false).dropFirst() {
            if line.hasPrefix("    ") {
                if !isInBlock { blocks.append("") }
                isInBlock = true
                blocks[blocks.count - 1] += line.dropFirst(4) + "\n"
            } else if !line.isEmpty {
                isInBlock = false
            }
        }
        return blocks
    }
}
