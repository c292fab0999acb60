/// What brings a terminal's screen from what it shows to what it is to show: the lines that have changed and
/// no others. The control functions are those of ECMA-48 and the private modes of xterm, which terminals
/// have in common.
public struct ScreenPainter: Sendable {
    private let style: TerminalStyle
    private var shown: [BoardLine] = []
    private var isClear = false

    public init(_ style: TerminalStyle) {
        self.style = style
    }

    /// Takes the other screen, so that the one before comes back at the end, and hides the cursor.
    public static let begin = "\u{1b}[?1049h\u{1b}[?25l\u{1b}[?7l"

    /// Undoes ``begin``. It may be sent at any time, also where nothing was begun.
    public static let end = "\u{1b}[0m\u{1b}[?7h\u{1b}[?25h\u{1b}[?1049l"

    /// Forgets what the screen shows: after its size has changed, nobody knows.
    public mutating func forget() {
        shown = []
        isClear = false
    }

    /// Brings the screen up to date. Where nothing has changed it is empty.
    public mutating func paint(_ lines: [BoardLine]) -> String {
        var output = ""
        if !isClear {
            output += "\u{1b}[0m\u{1b}[2J"
            isClear = true
            shown = []
        }
        for (row, line) in lines.enumerated() {
            if shown.indices.contains(row) ? shown[row] == line : line.spans.isEmpty { continue }
            // Cleared before it is written: after its last column the cursor still stands on that.
            output += "\u{1b}[\(row + 1);1H\u{1b}[2K" + line.encoded(style)
        }
        for row in lines.count..<max(lines.count, shown.count) {
            output += "\u{1b}[\(row + 1);1H\u{1b}[2K"
        }
        shown = lines
        return output
    }
}
