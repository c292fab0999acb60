import Foundation

/// A shell in a terminal of tmux, which is a terminal emulator with a command line.
///
/// It has a server of tmux of its own, with a socket of its own, which ends with it.
final class TmuxTerminal {
    /// The folder of the socket, of the shell's home and of the profiles.
    private let folder: TemporaryFolder

    static let isInstalled =
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/tmux")
        }

    init(columns: Int, rows: Int, locale: String = "C.UTF-8") throws {
        folder = try TemporaryFolder()
        let shell =
            "env -i HOME=\(folder.path) PATH=\(ProcessInfo.processInfo.environment["PATH"] ?? "")"
            + " LC_ALL=\(locale) TERM=screen-256color PS1='ready> ' bash --norc --noprofile"
        try tmux("-f", "/dev/null", "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", shell)
        try tmux("set-option", "-g", "status", "off")
        try tmux("resize-window", "-x", "\(columns)", "-y", "\(rows)")
    }

    deinit { _ = try? tmux("kill-server") }

    /// Types a line.
    func type(_ line: String) throws {
        try tmux("send-keys", "-l", line)
        try tmux("send-keys", "Enter")
    }

    /// Types a key, by tmux's name for it.
    func press(_ key: String) throws {
        try tmux("send-keys", key)
    }

    func resize(columns: Int, rows: Int) throws {
        try tmux("resize-window", "-x", "\(columns)", "-y", "\(rows)")
    }

    /// The lines that the terminal shows, without spaces at their ends.
    var lines: [String] {
        let text = (try? tmux("capture-pane", "-p")) ?? ""
        return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    var text: String { lines.joined(separator: "\n") }

    /// Whether the terminal shows the screen that programs take for themselves.
    var isAlternate: Bool { format("#{alternate_on}") == "1" }

    var hasCursor: Bool { format("#{cursor_flag}") == "1" }

    /// The process of the shell.
    var shell: Int32? { Int32(format("#{pane_pid}")) }

    /// The process that the shell runs.
    var child: Int32? {
        guard let shell else { return nil }
        let path = "/proc/\(shell)/task/\(shell)/children"
        let children = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        return children.split(separator: " ").first.flatMap { Int32($0) }
    }

    /// Waits until the terminal shows a text.
    func show(_ part: String) async throws {
        try await until("«\(part)» is shown", showing: text) { text.contains(part) }
    }

    private func format(_ format: String) -> String {
        ((try? tmux("display-message", "-p", format)) ?? "")
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @discardableResult
    private func tmux(_ arguments: String...) throws -> String {
        // Its server lives on, and would keep what it was started with: no pipe, whose end would never come,
        // and not the socket by which Foundation learns that a process has ended. Nor would it end with the
        // signals blocked that a thread of Foundation's has blocked.
        let script = """
            for file in /proc/$$/fd/*; do
                [ "${file##*/}" -le 2 ] || eval "exec ${file##*/}>&-"
            done
            exec env --default-signal -u TMUX LC_ALL=C.UTF-8 tmux -u -S "$0" "$@"
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", script, folder.path("socket")] + arguments
        let output = try folder.file("output")
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        try process.run()
        process.waitUntilExit()
        let text = folder.text(of: "output")
        guard process.terminationStatus == 0 else { throw NotInTime(description: "tmux: \(text)") }
        return text
    }
}
