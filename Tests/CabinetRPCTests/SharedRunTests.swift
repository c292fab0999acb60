import Synchronization
import Testing

@testable import CabinetRPC

@Suite struct SharedRunTests {
    private final class Runs: Sendable {
        private let runs = Atomic<Int>(0)

        var count: Int { runs.load(ordering: .relaxed) }
        func add() { runs.add(1, ordering: .relaxed) }
    }

    @Test("Who asks while it runs shares one more run, which begins after all of them have asked")
    func shared() async {
        let shared = SharedRun()
        let runs = Runs()
        let (begun, beganFirst) = AsyncStream.makeStream(of: Void.self)
        let (gate, openGate) = AsyncStream.makeStream(of: Void.self)
        let first = Task {
            await shared.run {
                runs.add()
                beganFirst.finish()
                for await _ in gate {}
            }
        }
        for await _ in begun {}
        let (asked, asks) = AsyncStream.makeStream(of: Void.self)
        let others = (0..<100).map { _ in
            Task {
                asks.yield()
                await shared.run { runs.add() }
            }
        }
        var askedCount = 0
        for await _ in asked {
            askedCount += 1
            if askedCount == others.count { break }
        }
        // All but the last few are in the queue by now: none of them runs before the first has ended.
        #expect(runs.count == 1)
        openGate.finish()
        await first.value
        for other in others { await other.value }
        let count = runs.count
        #expect(count > 1 && count < 10)
        await shared.run { runs.add() }
        #expect(runs.count == count + 1)
    }
}
