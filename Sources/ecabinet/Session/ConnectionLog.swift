import Foundation
import Logging

/// What the connection does, on standard error: what `--verbose` asks for.
///
/// Messages and metadata have in them what a server or a certificate says, and are printed as all text from
/// outside is.
struct ConnectionLog: LogHandler {
    let console: Console
    var logLevel = Logger.Level.debug
    var metadata: Logger.Metadata = [:]

    init(_ console: Console) {
        self.console = console
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let facts = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        console.log(
            LogLine(
                unixMilliseconds: Int64(Date().timeIntervalSince1970 * 1_000),
                level: "\(event.level)",
                message: "\(event.message)",
                facts: facts.map { ($0.key, "\($0.value)") }
            )
        )
    }
}

/// Something that the connection did.
struct LogLine: Sendable {
    let unixMilliseconds: Int64
    let level: String
    let message: String
    let facts: [(name: String, value: String)]

    var json: JSONValue {
        .object([
            .init(
                "log",
                .object([
                    .init("time", Times.here.json(unixMilliseconds: unixMilliseconds)),
                    .init("level", .string(level.uppercased())),
                    .init("message", .string(message)),
                    .init(
                        "attributes",
                        .object(facts.map { JSONValue.Member($0.name, .string($0.value)) })
                    ),
                ])
            )
        ])
    }

    /// For people, on one line.
    var text: String {
        let time = Times.here.iso(unixMilliseconds: unixMilliseconds)
        return (["\(time) \(level): \(message)"] + facts.map { "\($0.name)=\($0.value)" })
            .joined(separator: " ")
    }
}
