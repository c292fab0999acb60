import Foundation
import Testing

@testable import ecabinet

/// What the README has its reader type.
@Suite struct ReadmeTests {
    @Test("«Run your own server» works as it is written, up to minutes that verify")
    func ownServer() async throws {
        let blocks = try Self.blocks()
        try #require(blocks.count >= 2)
        let folder = TestFolder()
        let programs = Bundle.main.bundleURL.path
        try FileManager.default.createDirectory(
            atPath: folder.path(".build"),
            withIntermediateDirectories: true
        )
        try FileManager.default.createSymbolicLink(
            atPath: folder.path(".build/release"),
            withDestinationPath: programs
        )
        let listening = try Loopback.listen()
        close(listening.descriptor)
        func script(_ block: String) -> String {
            // It is built, the port may be another's, and the server is to end with the test.
            "set -e; swift() { :; }; cd \(folder.path)\n"
                + block.replacing("7443", with: "\(listening.port)")
                .replacing("\necabinetd ", with: "\nexec ecabinetd ")
        }
        let server = try RunningProgram("/bin/bash", ["-c", script(blocks[0])])
        try await server.wait { $0.output.contains("listening on") }
        // At a terminal, where the member who votes is asked.
        let file = try folder.write(script(blocks[1]), "commands.sh")
        let commands = try await RunningProgram(
            "/usr/bin/script",
            ["--quiet", "--return", "--flush", "--command", "bash \(file)", "/dev/null"],
            input: "y\n"
        ).outcome()
        #expect(commands.status == 0, "\(commands)")
        #expect(commands.output.contains("you have voted: in favour"), "\(commands)")
        #expect(
            commands.output.contains("every signature, every decision and every count holds"),
            "\(commands)"
        )
        server.send(SIGTERM)
        _ = try await server.outcome()
    }

    /// The indented blocks of the section, each of which is a terminal of its own.
    private static func blocks() throws -> [String] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
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
