import CabinetLocks
import CabinetTLS

/// A calendar clock that a test sets.
final class WallClock: Sendable {
    private let time: Guarded<WallTime>

    init(_ time: WallTime) {
        self.time = Guarded(time)
    }

    func set(_ time: WallTime) {
        self.time.withLock { $0 = time }
    }

    var options: TLSContextOptions {
        var options = TLSContextOptions()
        options.clock = { [self] in time.withLock { $0 } }
        return options
    }
}
