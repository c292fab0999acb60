import CabinetBoard
import CabinetLocks
import CabinetModel
import CabinetTexts

/// A line for each thing that happens: for people, or a JSON object for programs.
final class LineView: WatchView {
    private let console: Console
    private let zone: CivilZone
    private let chronicle = Guarded(Chronicle())

    init(_ console: Console, zone: CivilZone) {
        self.console = console
        self.zone = zone
    }

    let hasClock = false

    func show(_ scene: BoardScene) async throws {
        let news = chronicle.withLock { $0.take(scene) }
        guard !news.isEmpty else { return }
        let time = CivilTime(scene.now, in: zone)
        try console.write(
            lines: news.map { news in
                if console.isJSON {
                    news.json(at: time.iso8601, sequence: scene.state?.sequenceNumber).compactText
                } else {
                    time.clockWithSeconds + "  "
                        + news.text(in: console.language, now: scene.instant)
                }
            }
        )
    }

    func attend(_ redraw: @escaping @Sendable () -> Void) async throws {
        while true { try await Task.sleep(for: .seconds(3_600)) }
    }
}
