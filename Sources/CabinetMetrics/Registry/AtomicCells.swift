internal import Synchronization

/// A fixed number of numbers that any thread adds to, without a lock.
///
/// `@unchecked Sendable`: the memory belongs to this object, and what is in it is atomic.
final class AtomicCells: @unchecked Sendable {
    private let cells: UnsafeMutableBufferPointer<Atomic<UInt64>>

    init(count: Int) {
        cells = .allocate(capacity: count)
        for index in 0..<count { cells.initializeElement(at: index, to: Atomic(0)) }
    }

    deinit {
        cells.deinitialize()
        cells.deallocate()
    }

    var count: Int { cells.count }

    func add(_ amount: UInt64, at index: Int) {
        precondition(index >= 0 && index < cells.count)
        cells[index].wrappingAdd(amount, ordering: .relaxed)
    }

    func load(at index: Int) -> UInt64 {
        precondition(index >= 0 && index < cells.count)
        return cells[index].load(ordering: .relaxed)
    }

    func reset() {
        for index in cells.indices { cells[index].store(0, ordering: .relaxed) }
    }
}
