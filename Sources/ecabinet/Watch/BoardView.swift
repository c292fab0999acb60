import CabinetBoard
import CabinetLocks
import CabinetTexts

/// The board on a terminal.
final class BoardView: WatchView {
    private let screen: TerminalScreen
    private let language: Language
    private let zone: CivilZone
    private let hasUnicode: Bool
    private let painter: Guarded<ScreenPainter>

    init(
        _ screen: TerminalScreen,
        _ style: TerminalStyle,
        language: Language,
        zone: CivilZone,
        hasUnicode: Bool
    ) {
        self.screen = screen
        self.language = language
        self.zone = zone
        self.hasUnicode = hasUnicode
        painter = Guarded(ScreenPainter(style))
    }

    let hasClock = true

    func show(_ scene: BoardScene) async throws {
        let format = BoardFormat(
            size: screen.size,
            language: language,
            zone: zone,
            hasUnicode: hasUnicode
        )
        let lines = Board(scene, format).lines
        let output = painter.withLock { $0.paint(lines) }
        if !output.isEmpty { try await screen.write(output) }
    }

    /// Until somebody types q.
    func attend(_ redraw: @escaping @Sendable () -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [screen] in
                for await key in screen.keys
                where key == UInt8(ascii: "q") || key == UInt8(ascii: "Q") {
                    return
                }
                // There is nobody at the keys, or it was cancelled.
                while true { try await Task.sleep(for: .seconds(3_600)) }
            }
            group.addTask { [screen, painter] in
                for await _ in screen.resizes {
                    painter.withLock { $0.forget() }
                    redraw()
                }
                while true { try await Task.sleep(for: .seconds(3_600)) }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}
