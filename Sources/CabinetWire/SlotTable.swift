/// A call on this connection: its slot, and which use of the slot it is.
///
/// A handler that is late refers to its call by this, and never reaches the next call in the slot.
/// It means nothing on another connection.
public struct CallID: Hashable, Sendable {
    /// 1 up to the limit for calls.
    public let slot: UInt32
    let generation: UInt64
}

/// The call slots of a connection (CWP/1, section 3): small numbers that are used again and again.
///
/// It grows with the highest slot that was used, up to the limit, and does not shrink. A call that
/// has ended stays until the next one takes its slot, because frames for it may still arrive.
struct SlotTable<Call> {
    enum State: Equatable {
        /// No call has been here.
        case unused
        case busy(CallID)
        /// The call that was here has ended.
        case ended(CallID)
    }

    private struct Entry {
        var generation: UInt64 = 0
        var call: Call?
        var isBusy = false
    }

    private let limit: Int
    /// The slot *n* is at *n* − 1.
    private var entries: [Entry] = []
    private(set) var busyCount = 0

    init(limit: Int) {
        self.limit = limit
    }

    func state(of slot: UInt32) -> State {
        let index = Int(slot) - 1
        guard entries.indices.contains(index), entries[index].generation > 0 else { return .unused }
        let id = CallID(slot: slot, generation: entries[index].generation)
        return entries[index].isBusy ? .busy(id) : .ended(id)
    }

    /// The call, unless it has ended.
    subscript(id: CallID) -> Call? {
        guard let index = index(of: id), entries[index].isBusy else { return nil }
        return entries[index].call
    }

    /// Changes a call.
    ///
    /// - Returns: What `body` returns; `nil` where the call has ended.
    mutating func modify<Result>(_ id: CallID, _ body: (inout Call) -> Result) -> Result? {
        self[id] == nil ? nil : modifyAny(id, body)
    }

    /// Changes a call, whether it has ended or not; `nil` where its slot has another one.
    mutating func modifyAny<Result>(_ id: CallID, _ body: (inout Call) -> Result) -> Result? {
        guard let index = index(of: id), var call = entries[index].call else { return nil }
        defer { entries[index].call = call }
        return body(&call)
    }

    /// Puts a call into a slot.
    ///
    /// - Returns: `nil` where the slot is beyond the limit or busy.
    mutating func occupy(_ slot: UInt32, with call: Call) -> CallID? {
        let index = Int(slot) - 1
        guard index >= 0, index < limit else { return nil }
        while entries.count <= index { entries.append(Entry()) }
        guard !entries[index].isBusy else { return nil }
        entries[index].generation += 1
        entries[index].call = call
        entries[index].isBusy = true
        busyCount += 1
        return CallID(slot: slot, generation: entries[index].generation)
    }

    /// Ends a call and frees its slot.
    ///
    /// - Returns: The call; `nil` where it had ended before.
    mutating func release(_ id: CallID) -> Call? {
        guard let call = self[id], let index = index(of: id) else { return nil }
        entries[index].isBusy = false
        busyCount -= 1
        return call
    }

    /// The calls that have not ended, by slot.
    ///
    /// - Complexity: O(*n*) in the slots that were used.
    var busy: [(id: CallID, call: Call)] {
        entries.enumerated().compactMap { index, entry in
            guard entry.isBusy, let call = entry.call else { return nil }
            return (CallID(slot: UInt32(index + 1), generation: entry.generation), call)
        }
    }

    private func index(of id: CallID) -> Int? {
        let index = Int(id.slot) - 1
        guard entries.indices.contains(index), entries[index].generation == id.generation else {
            return nil
        }
        return index
    }
}

/// Hands out slots to a client: the one that was freed last, so that few are used, or a new one.
struct FreeSlots {
    private let limit: Int
    private var freed: [UInt32] = []
    private var highest: UInt32 = 0

    init(limit: Int) {
        self.limit = limit
    }

    /// - Returns: `nil` where all are taken.
    mutating func take() -> UInt32? {
        if let slot = freed.popLast() { return slot }
        guard Int(highest) < limit else { return nil }
        highest += 1
        return highest
    }

    /// - Parameter slot: One that ``take()`` returned and that was not put back since.
    mutating func putBack(_ slot: UInt32) {
        freed.append(slot)
    }
}
