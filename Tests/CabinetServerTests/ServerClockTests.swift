import CabinetLocks
import CabinetModel
import ModelTestSupport
import Testing

@testable import CabinetServer

@Suite struct ServerClockTests {
    /// A system whose two clocks a test moves.
    private final class System: Sendable {
        static let start: Int64 = 1_561_341_600_000
        private let clocks = Guarded((wall: System.start, elapsed: Int64(7)))
        private let reported = Guarded<[Int64]>([])

        var reports: [Int64] { reported.withLock { $0 } }

        func clock() throws -> ServerClock {
            try ServerClock(
                wall: { [self] in clocks.withLock { $0.wall } },
                elapsed: { [self] in clocks.withLock { $0.elapsed } },
                report: { [self] difference in reported.withLock { $0.append(difference) } }
            )
        }

        /// Time passes.
        func pass(_ milliseconds: Int64, drift: Int64 = 0) {
            clocks.withLock { clocks in
                clocks.wall += milliseconds + drift
                clocks.elapsed += milliseconds
            }
        }

        /// Somebody sets the wall clock.
        func set(by milliseconds: Int64) { clocks.withLock { $0.wall += milliseconds } }
    }

    private func time(_ clock: ServerClock) -> Int64 { clock.now().unixMilliseconds - System.start }

    @Test("A clock that is set while the server runs is not followed, and told of once")
    func steps() throws {
        for step in [3_600_000, -3_600_000, 10_001, -10_001] as [Int64] {
            let system = System()
            let clock = try system.clock()
            system.pass(5_000)
            #expect(time(clock) == 5_000)
            system.set(by: step)
            #expect(time(clock) == 5_000)
            for second in 6...60 as ClosedRange<Int64> {
                system.pass(1_000)
                #expect(time(clock) == second * 1_000)
            }
            #expect(system.reports == [step])
            // Set right again, it is followed again.
            system.set(by: -step)
            system.pass(1_000)
            #expect(time(clock) == 61_000)
            system.set(by: step)
            system.pass(1_000)
            _ = clock.now()
            #expect(system.reports == [step, step])
        }
    }

    @Test("Drift is followed slowly, and the clock never goes back meanwhile", arguments: [1, -1])
    func drift(sign: Int64) throws {
        let system = System()
        let clock = try system.clock()
        system.set(by: sign * 2_000)
        var last = clock.now()
        for _ in 0..<4_200 {
            system.pass(100)
            let now = clock.now()
            let step = now.unixMilliseconds - last.unixMilliseconds
            #expect((0...106).contains(step))
            last = now
        }
        // 2 s at one part in 200 take 400 s.
        #expect(time(clock) == 420_000 + sign * 2_000)
        #expect(system.reports.isEmpty)
    }

    @Test("It goes on from the newest entry, if that is later than the wall clock")
    func start() throws {
        let system = System()
        let clock = try system.clock()
        clock.startNotBefore(.at(System.start - 1))
        #expect(time(clock) == 0)
        clock.startNotBefore(.at(System.start + 60_000))
        #expect(time(clock) == 60_000)
        system.pass(1_500)
        #expect(time(clock) == 61_500)
    }

    @Test("A wall clock before 1970 is refused")
    func beforeTime() {
        #expect(throws: InvalidValue.self) {
            try ServerClock(wall: { 0 }, elapsed: { 0 }, report: { _ in })
        }
    }
}
