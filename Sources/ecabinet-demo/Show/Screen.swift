import CabinetBoard
import CabinetLocks
import CabinetModel
import CabinetTexts
import CommandSupport
import Foundation

/// A terminal with the board on it, and below it what was said last.
final class Screen: Sendable {
    private struct State {
        var painter: ScreenPainter
        var size = TerminalSize.usual
        var isRaised = false
        var scene: BoardScene?
        var said: [String] = []
    }

    /// Lines that are kept to be shown.
    private static let maximumLines = 12

    private let language: Language
    private let hasUnicode: Bool
    private let state: Guarded<State>

    /// - Returns: `nil` where standard output is no terminal on which the cursor can be moved.
    init?(_ language: Language, _ environment: [String: String]) {
        let name = environment["TERM"] ?? ""
        guard isatty(STDOUT_FILENO) == 1, !name.isEmpty, name != "dumb" else { return nil }
        self.language = language
        hasUnicode = TerminalEncoding.isUTF8(environment: environment)
        // https://no-color.org
        let isPlain = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        state = Guarded(State(painter: ScreenPainter(isPlain ? .monochrome : .colour)))
    }

    func raise() {
        state.withLock { state in
            state.isRaised = true
            Suspension.arm(ending: ScreenPainter.end)
            Self.write(ScreenPainter.begin)
            draw(&state)
        }
    }

    /// Draws all of it again. Of no effect where it is lowered.
    func redraw() {
        state.withLock { state in
            guard state.isRaised else { return }
            state.painter.forget()
            Self.write(ScreenPainter.begin)
            draw(&state)
        }
    }

    func lower() {
        state.withLock { state in
            guard state.isRaised else { return }
            state.isRaised = false
            Self.write(ScreenPainter.end)
            Suspension.disarm()
        }
    }

    func show(_ scene: BoardScene) {
        state.withLock { state in
            state.scene = scene
            draw(&state)
        }
    }

    func say(_ line: String) {
        state.withLock { state in
            state.said.append(line)
            state.said.removeFirst(max(0, state.said.count - Self.maximumLines))
            draw(&state)
        }
    }

    // MARK: - Drawing

    private func draw(_ state: inout State) {
        guard state.isRaised, let scene = state.scene else { return }
        let size = Self.size
        if size != state.size {
            state.size = size
            state.painter.forget()
        }
        // The board has what it needs in 24 rows.
        let captionRows = min(max(size.rows - 25, 3), 8)
        let caption = caption(of: state.said, rows: captionRows, columns: size.columns)
        let board = Board(
            scene,
            BoardFormat(
                size: TerminalSize(columns: size.columns, rows: size.rows - captionRows - 1),
                language: language,
                zone: .vietnam,
                hasUnicode: hasUnicode,
                hasKeys: false
            )
        )
        let lines = Array((board.lines + caption).prefix(size.rows))
        let output = state.painter.paint(lines)
        if !output.isEmpty { Self.write(output) }
    }

    /// A rule, and the last lines that fit.
    private func caption(of said: [String], rows: Int, columns: Int) -> [BoardLine] {
        let rule = BoardLine(String(repeating: hasUnicode ? "─" : "-", count: columns), .dim)
        let lines = said.enumerated().flatMap { index, line in
            shown(line).wrapped(to: max(2, columns - 2)).map { text in
                BoardLine(" " + text, index == said.count - 1 ? .strong : .dim)
            }
        }
        let last = Array(lines.suffix(rows))
        return [rule] + last + Array(repeating: BoardLine(), count: rows - last.count)
    }

    private func shown(_ text: String) -> String {
        hasUnicode ? text.sanitized : ASCIIText(text).value.sanitized
    }

    private static var size: TerminalSize {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
        else { return .usual }
        return TerminalSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
    }

    /// Nobody may be there any more.
    private static func write(_ text: String) {
        try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    }
}
