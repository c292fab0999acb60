import CabinetLocks

/// Names that a test is told of.
final class Names: Sendable {
    private let names = Guarded<[String]>([])

    var all: [String] { names.withLock { $0 } }

    func append(_ name: String) { names.withLock { $0.append(name) } }
}
