internal import Synchronization

/// Decides, once for each call, whether it has an effect or was given up before (CWP/1, rule 3.7).
///
/// The handler and the connection ask on different threads, and one of them is first.
final class EffectGate: Sendable {
    private enum State {
        static let open: UInt8 = 0
        static let begun: UInt8 = 1
        static let abandoned: UInt8 = 2
    }

    private let state = Atomic<UInt8>(State.open)

    var hasBegun: Bool { state.load(ordering: .acquiring) == State.begun }

    /// Begins with another call: for calls that run one after another and are never given up.
    func reset() {
        state.store(State.open, ordering: .relaxed)
    }

    /// - Returns: `false` where the call was given up before: there must be no effect.
    func begin() -> Bool {
        let (exchanged, original) = state.compareExchange(
            expected: State.open,
            desired: State.begun,
            ordering: .acquiringAndReleasing
        )
        return exchanged || original == State.begun
    }

    /// - Returns: `false` where there is an effect already: its outcome will be the call's.
    func abandon() -> Bool {
        let (exchanged, original) = state.compareExchange(
            expected: State.open,
            desired: State.abandoned,
            ordering: .acquiringAndReleasing
        )
        return exchanged || original == State.abandoned
    }
}
