import CabinetModel
import Foundation
import Testing

/// `ecabinet watch` on a real terminal, with a real server.
@Suite(
    .serialized,
    .timeLimit(.minutes(5)),
    .enabled(if: TmuxTerminal.isInstalled, "tmux is missing: scripts/setup installs it")
)
struct WatchOnTerminalTests {
    /// Types the command into a shell, after a line by which the shell's own screen is known.
    private func watch(
        _ meeting: LiveMeeting,
        _ terminal: TmuxTerminal,
        _ device: String = "client2",
        _ more: String...
    ) async throws {
        try await terminal.show("ready>")
        // The arguments are long: they go into a file, which is short to type.
        let script = meeting.server.folder.path("watch.sh")
        let command = [LiveServer.program("ecabinet")] + meeting.arguments(device) + more
        let text = "exec " + command.map { "'\($0)'" }.joined(separator: " ") + "\n"
        try text.write(toFile: script, atomically: true, encoding: .utf8)
        try terminal.type("stty -g > ~/settings; echo before the board")
        try terminal.type("bash \(script); echo \"status $?\"")
    }

    /// The shell's screen is back, with its cursor, and keys are what they were.
    private func expectClean(_ terminal: TmuxTerminal, status: Int) async throws {
        try await terminal.show("status \(status)")
        #expect(terminal.text.contains("before the board"))
        #expect(!terminal.isAlternate)
        #expect(terminal.hasCursor)
        try terminal.type("stty -g | cmp - ~/settings && echo the same \\settings")
        try await terminal.show("the same settings")
    }

    @Test("The board follows ballots, resizes, and comes back after the server was killed")
    func boardComesBack() async throws {
        let meeting = try await LiveMeeting()
        let terminal = try TmuxTerminal(columns: 80, rows: 24)
        try await watch(meeting, terminal, "client2", "--language", "vi")
        try await terminal.show("Phiên họp Chính phủ")
        try await terminal.show("● trực tuyến")
        #expect(terminal.isAlternate)
        #expect(!terminal.hasCursor)
        // They are checked in, and their devices are not connected.
        try await terminal.show("! Bộ trưởng Bộ Y tế")

        try await meeting.openPoll("p1")
        try await terminal.show("Biểu quyết p1: đang biểu quyết")
        try await meeting.vote("m2", .yes, "p1")
        try await terminal.show("1/3 phiếu cần có")
        try await terminal.show("● Phó Thủ tướng Thường trực")

        try terminal.resize(columns: 120, rows: 40)
        try await until("the board has the new size", showing: terminal.text) {
            let lines = terminal.lines
            return lines.count >= 40 && lines[39].hasSuffix("q: thoát")
                && (lines.first?.count ?? 0) > 110
        }
        try terminal.resize(columns: 60, rows: 20)
        try await until("the board has the new size", showing: terminal.text) {
            let lines = terminal.lines
            return lines.count >= 20 && lines[19].hasSuffix("q: thoát")
                && lines.allSatisfy { $0.count <= 60 }
        }

        try await meeting.server.kill()
        try await terminal.show("○ mất kết nối 0:0")
        // What was there is there still, and the time since then goes on.
        #expect(terminal.text.contains("1/3 phiếu cần có"))
        try await terminal.show("mất kết nối 0:02")
        try await meeting.server.start()
        try await terminal.show("● trực tuyến")
        try await meeting.vote("m3", .no, "p1")
        try await terminal.show("× Bộ trưởng Bộ Công an")
        try await meeting.vote("m4", .yes, "p1")
        try await meeting.vote("m5", .yes, "p1")
        try await meeting.closePoll("p1")
        try await terminal.show("Được thông qua: 3/5 tán thành, cần 3")

        try terminal.press("q")
        try await expectClean(terminal, status: 0)
        await meeting.end()
    }

    @Test(
        "However it ends, the terminal is as it was",
        arguments: [SIGINT, SIGTERM, SIGHUP, SIGABRT]
    )
    func terminalIsRestored(signal: Int32) async throws {
        let meeting = try await LiveMeeting()
        let terminal = try TmuxTerminal(columns: 80, rows: 24)
        try await watch(meeting, terminal, "client2", "--language", "en")
        try await terminal.show("● live")
        if signal == SIGINT {
            try terminal.press("C-c")
        } else {
            kill(try #require(terminal.child), signal)
        }
        let status = signal == SIGABRT ? 128 + Int(signal) : 130
        try await expectClean(terminal, status: status)
        await meeting.end()
    }

    @Test("Where the meeting cannot be followed, the terminal is as it was and says why")
    func terminalIsRestoredAfterAnError() async throws {
        let meeting = try await LiveMeeting()
        let terminal = try TmuxTerminal(columns: 80, rows: 24)
        // The administrator takes no part in the meeting.
        try await watch(meeting, terminal, "client", "--language", "en")
        try await terminal.show("ecabinet: error")
        try await terminal.show("status ")
        #expect(!terminal.text.contains("status 0"))
        #expect(!terminal.isAlternate)
        #expect(terminal.hasCursor)
        await meeting.end()
    }

    @Test("Before the server is there, the board waits for it and says so")
    func boardWaits() async throws {
        let meeting = try await LiveMeeting()
        try await meeting.server.kill()
        let terminal = try TmuxTerminal(columns: 80, rows: 24)
        try await watch(meeting, terminal, "client3", "--language", "en")
        try await terminal.show("Waiting for the server.")
        try await terminal.show("There is no connection to the server.")
        try await meeting.server.start()
        try await terminal.show("● live")
        try await terminal.show("in session")
        try terminal.press("q")
        try await expectClean(terminal, status: 0)
        await meeting.end()
    }

    @Test("Without UTF-8 and colours the board is drawn in ASCII")
    func ascii() async throws {
        let meeting = try await LiveMeeting()
        let terminal = try TmuxTerminal(columns: 80, rows: 24, locale: "C")
        try await watch(meeting, terminal, "client2", "--language", "vi", "--color", "never")
        try await terminal.show("Phien hop Chinh phu")
        try await terminal.show("* truc tuyen")
        #expect(terminal.text.utf8.allSatisfy { $0 < 0x7f })
        try terminal.press("q")
        try await expectClean(terminal, status: 0)
        await meeting.end()
    }
}
