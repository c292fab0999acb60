internal import CabinetLocks
internal import CabinetWire
internal import Logging

/// Writes log lines that others cause, but not as many as they like: 20 at once, and 2 a second.
final class LogLimiter: Sendable {
    private struct State {
        var budget: ControlBudget
        var suppressed = 0
    }

    private let state: Guarded<State>

    init(at now: Timestamp) {
        state = Guarded(State(budget: ControlBudget(burst: 20, perSecond: 2, at: now)))
    }

    func write(
        _ level: Logger.Level = .notice,
        _ logger: Logger,
        _ message: @autoclosure () -> Logger.Message,
        _ metadata: @autoclosure () -> Logger.Metadata,
        at now: Timestamp
    ) {
        let suppressed = state.withLock { state -> Int? in
            guard state.budget.spend(at: now) else {
                state.suppressed += 1
                return nil
            }
            defer { state.suppressed = 0 }
            return state.suppressed
        }
        guard let suppressed else { return }
        var metadata = metadata()
        if suppressed > 0 { metadata["suppressed"] = "\(suppressed)" }
        logger.log(level: level, message(), metadata: metadata)
    }
}
