import CabinetLocks
import Logging

/// Keeps the lines of a log.
final class LogRecorder: Sendable {
    struct Line: Sendable, CustomStringConvertible {
        let level: Logger.Level
        let message: String
        let metadata: [String: String]

        var reason: String? { metadata["reason"] }
        var description: String { "\(level): \(message) \(metadata)" }
    }

    private let recorded = Guarded<[Line]>([])

    var lines: [Line] { recorded.withLock { $0 } }

    /// The lines with a message.
    func lines(_ message: String) -> [Line] {
        lines.filter { $0.message == message }
    }

    var logger: Logger {
        Logger(label: "test") { _ in Handler(recorder: self) }
    }

    private func record(_ line: Line) {
        recorded.withLock { $0.append(line) }
    }

    private struct Handler: LogHandler {
        let recorder: LogRecorder
        var logLevel = Logger.Level.debug
        var metadata = Logger.Metadata()

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            recorder.record(
                Line(
                    level: event.level,
                    message: "\(event.message)",
                    metadata: all.mapValues { "\($0)" }
                )
            )
        }
    }
}
