internal import NIOCore

/// Bounds what the streams of an event loop write before the loop looks after its sockets again.
///
/// A loop of NIO runs what is put on it until nothing more is put there, and only then reads from
/// sockets. Handlers of streams put themselves there again and again for as long as their clients take
/// what they write: two clients that read fast kept all others waiting for many seconds.
///
/// So all streams together write ``turnBytes``, and then none until a timer has fired, which the loop
/// waits for at its sockets. It takes a timer that is due along with its tasks, though: where handlers
/// have run meanwhile, the loop may not have come to its sockets, and the timer begins again, so many times
/// at most. Calls that have one response pay nothing, and have no turns.
///
/// Used on its event loop alone.
final class StreamTurns {
    /// What all streams together may write in a turn: a millisecond's work, or a few.
    static let turnBytes = 262_144
    /// A message counts for so many bytes at least: a short one is as much work.
    static let leastMessageBytes = 512
    /// The end of a turn makes the loop write what the sessions have. The timer begins behind that:
    /// what was put there when the turn ended is one round, and what that puts there is another.
    private static let rounds = 2
    /// Long enough for the loop to find nothing due, and to come to its sockets.
    private static let pause = TimeAmount.microseconds(20)
    /// Other handlers may always have something to do.
    private static let pauses = 21

    private let eventLoop: any EventLoop
    private let executor: LoopTaskExecutor
    private(set) var bytesLeft = turnBytes
    /// In the order in which they found out: who got nothing in a turn is first in the next.
    private var waiting: [any TurnTaker] = []

    init(_ executor: LoopTaskExecutor) {
        eventLoop = executor.eventLoop
        self.executor = executor
    }

    /// A stream has written a message, or frames.
    func spend(_ byteCount: Int) {
        bytesLeft -= max(byteCount, Self.leastMessageBytes)
    }

    /// Whether somebody may write. Where it may not, it is told when it may.
    func allows(_ taker: any TurnTaker) -> Bool {
        if bytesLeft > 0 { return true }
        if waiting.isEmpty { end(after: Self.rounds) }
        if !taker.waitsForTurn {
            taker.waitsForTurn = true
            waiting.append(taker)
        }
        return false
    }

    /// Ends the turn, and begins the next one when the loop has been at its sockets.
    private func end(after rounds: Int) {
        let loop = eventLoop.assumeIsolated()
        if rounds > 0 {
            loop.execute { [self] in end(after: rounds - 1) }
        } else {
            pause(Self.pauses)
        }
    }

    private func pause(_ pauses: Int) {
        let jobCount = executor.jobCount
        eventLoop.assumeIsolated().scheduleTask(in: Self.pause) { [self] in
            if executor.jobCount == jobCount || pauses == 1 { begin() } else { pause(pauses - 1) }
        }
    }

    private func begin() {
        // What the last message took beyond the turn counts for this one.
        bytesLeft = min(Self.turnBytes, bytesLeft + Self.turnBytes)
        guard bytesLeft > 0 else { return end(after: Self.rounds) }
        let takers = waiting
        waiting = []
        var served = 0
        while served < takers.count, bytesLeft > 0 {
            takers[served].turnBegan()
            served += 1
        }
        guard served < takers.count else { return }
        // Those who have had nothing are the first of the next turn.
        if waiting.isEmpty { end(after: Self.rounds) }
        waiting = takers[served...] + waiting
    }
}

/// Who writes in turns with the others of its event loop.
protocol TurnTaker: AnyObject {
    /// Whether it is to be told of the next turn.
    var waitsForTurn: Bool { get set }
    /// It may write again.
    func turnBegan()
}
