import CabinetModel
import Foundation
import Testing

/// `ecabinet watch` where nobody looks on a terminal.
@Suite(.serialized, .timeLimit(.minutes(5))) struct WatchLinesTests {
    /// The command in a process, whose output goes into a file.
    private final class Watching {
        let process = Process()
        private let folder: TemporaryFolder

        init(_ arguments: [String]) throws {
            folder = try TemporaryFolder()
            process.executableURL = URL(fileURLWithPath: LiveServer.program("ecabinet"))
            process.arguments = arguments
            process.environment = ["HOME": folder.path, "TZ": "Asia/Ho_Chi_Minh"]
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = try folder.file("output")
            process.standardError = try folder.file("errors")
            try process.run()
        }

        deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

        var lines: [String] { folder.text(of: "output").split(separator: "\n").map(String.init) }
        var errors: String { folder.text(of: "errors") }

        func wait(for part: String) async throws {
            try await until(
                "«\(part)» is printed",
                showing: lines.joined(separator: "\n") + errors
            ) { lines.contains { $0.contains(part) } }
        }

        func end(_ signal: Int32) async throws -> Int32 {
            kill(process.processIdentifier, signal)
            try await until("it has ended") { !process.isRunning }
            return process.terminationStatus
        }
    }

    @Test("Where the output is no terminal each thing that happens is a line")
    func plainLines() async throws {
        let meeting = try await LiveMeeting()
        let watching = try Watching(meeting.arguments("client3", "--language", "vi"))
        try await watching.wait(for: "  Phiên họp Chính phủ: đang họp")
        try await meeting.openPoll("p1")
        try await meeting.vote("m2", .yes, "p1")
        try await watching.wait(
            for: "  Biểu quyết p1: Phó Thủ tướng Thường trực: tán thành, tại phòng họp"
        )
        try await meeting.server.kill()
        try await watching.wait(for: "  Kết nối: mất kết nối")
        try await meeting.server.start()
        for member in ["m3", "m4", "m5"] { try await meeting.vote(member, .yes, "p1") }
        try await meeting.closePoll("p1")
        try await watching.wait(for: "  Biểu quyết p1: Được thông qua: 4/5 tán thành, cần 3")
        #expect(watching.lines.allSatisfy { !$0.contains("\u{1b}") })
        // Nothing was told twice, across the restart.
        let ballots = watching.lines.filter { $0.contains("Phó Thủ tướng Thường trực: tán thành") }
        #expect(ballots.count == 1)
        #expect(try await watching.end(SIGTERM) == 130)
        await meeting.end()
    }

    @Test("With --json each thing that happens is an object on a line")
    func json() async throws {
        let meeting = try await LiveMeeting()
        let watching = try Watching(meeting.arguments("client2", "--json"))
        try await watching.wait(for: #""event":"MEETING""#)
        try await meeting.openPoll("p1")
        try await watching.wait(for: #""event":"POLL","poll_id":"p1","state":"OPEN""#)
        try await meeting.vote("m2", .no, "p1")
        try await watching.wait(for: #""mark":"NO","place":"ROOM""#)
        for line in watching.lines {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect((object?["time"] as? String)?.hasSuffix("+07:00") == true, "\(line)")
            #expect(object?["event"] is String)
        }
        #expect(try await watching.end(SIGINT) == 130)
        await meeting.end()
    }

    @Test("Whoever reads the lines may stop, and the command ends though nothing more happens")
    func readerStops() async throws {
        let meeting = try await LiveMeeting()
        let output = Pipe()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: LiveServer.program("ecabinet"))
        process.arguments = meeting.arguments("client3")
        process.environment = ["HOME": meeting.server.folder.path, "PATH": "/usr/bin:/bin"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = try meeting.server.folder.file("watch-errors")
        try process.run()
        try output.fileHandleForWriting.close()
        var text = ""
        while !text.contains("in session") {
            text += String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        }
        try output.fileHandleForReading.close()
        #expect(process.isRunning)
        try await until("the command has noticed") { !process.isRunning }
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == 141)
        #expect(meeting.server.folder.text(of: "watch-errors").isEmpty)
        await meeting.end()
    }
}
