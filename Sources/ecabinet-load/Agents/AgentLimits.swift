import CabinetLoad
import CabinetWire

/// What a coordinator and its agents agree on, and what they take from each other at most.
enum AgentLimits {
    /// Of the orders and reports. It changes with the meaning of any of them, with the plan that a seed
    /// makes, and with the format of records, so that both sides do the same.
    static let format = "ecabinet-load agent 2"
    /// The name in the certificate of any agent: that of the trial's «server.pem», wherever it is used.
    static let serverName = "localhost"

    /// Agents of one coordinator.
    static let agents = Share.maximumCount - 1
    /// Bytes of a piece of a scenario or a record.
    static let pieceBytes = 32 * 1_024
    static let tagBytes = 32
    static let nameBytes = 255
    /// From the order to the beginning of the timeline.
    static let beginMs: UInt32 = 60_000
    /// Orders that wait to be sent: pieces of a scenario, polls and a few others.
    static let waitingOrders = 512

    /// Silence after which one side asks whether the other is there, and again after which it is gone.
    static let silence = Interval.seconds(5)
    /// Until an agent says that it takes part.
    static let acceptance = Duration.seconds(30)
    /// Until an agent has made its people, and put them into the directory.
    static let preparation = Duration.seconds(300)
    /// Until the devices of an agent are connected, beside the time that a server's limits take.
    static let joining = Duration.seconds(180)
    /// Until everybody is live after the timeline, and all calls have an answer.
    static let settling = Duration.seconds(240)
    /// Until a record has arrived, after the last event.
    static let collection = Duration.seconds(120)
    /// Until the next order comes, before the beginning and, beyond the timeline, after it.
    static let idling = Duration.seconds(3_600)

    /// The pieces of something that is longer than a message may be.
    static func pieces(of bytes: [UInt8]) -> [[UInt8]] {
        stride(from: 0, to: bytes.count, by: pieceBytes).map {
            Array(bytes[$0..<min($0 + pieceBytes, bytes.count)])
        }
    }
}

/// Does something that is over in time, or stopped.
///
/// - Throws: ``Failure`` with the message where it is not over in time.
func within<Value: Sendable>(
    _ limit: Duration,
    otherwise message: String,
    _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(for: limit)
            throw Failure(.unavailable, message)
        }
        defer { group.cancelAll() }
        guard let value = try await group.next() else { throw CancellationError() }
        return value
    }
}
