import CabinetLocks
import CabinetTLS

/// Collects lines from any thread.
final class Lines: Sendable {
    private let lines = Guarded<[String]>([])

    func add(_ line: String) {
        lines.withLock { $0.append(line) }
    }

    var all: [String] { lines.withLock { $0 } }
}

/// A clock that a test sets.
final class TestClock: Sendable {
    private let time: Guarded<WallTime>

    init(_ time: WallTime = .now) {
        self.time = Guarded(time)
    }

    func advance(bySeconds seconds: Int64) {
        time.withLock { $0.secondsSince1970 += seconds }
    }

    var options: TLSContextOptions {
        var options = TLSContextOptions()
        options.clock = { [self] in time.withLock { $0 } }
        return options
    }
}

extension WallTime {
    static var tomorrow: WallTime {
        WallTime(secondsSince1970: WallTime.now.secondsSince1970 + 86_400)
    }
}
