import CabinetAPI
import CabinetLocks
import CabinetModel
import CabinetRPC
import CabinetStore
import Foundation
import ModelTestSupport
import Testing

@testable import CabinetServer

@Suite struct OrderQueueTests {
    private func order(_ reply: Reply<Int> = Reply()) -> Order {
        .query(QueryOrder(meeting: "meeting", answer: { _, _ in }, fail: reply.fail))
    }

    @Test("Orders come out in batches, in the order in which they went in")
    func batches() throws {
        let queue = OrderQueue()
        for _ in 0..<OrderQueue.maximumBatch + 1 { try queue.put(order(), byteCount: 1) }
        #expect(queue.take(waitingAtMost: 0)?.count == OrderQueue.maximumBatch)
        #expect(queue.take(waitingAtMost: 0)?.count == 1)
        // Where nothing waits, nothing comes.
        var left = 3
        while left > 0, queue.take(waitingAtMost: 0)?.isEmpty == true { left -= 1 }
        #expect(left == 0)
    }

    @Test("A full queue takes no more until something was taken: by number, and by bytes")
    func limits() throws {
        let byNumber = OrderQueue()
        for _ in 0..<OrderQueue.maximumCount { try byNumber.put(order(), byteCount: 0) }
        #expect(throws: OrderQueue.Refusal.full) { try byNumber.put(order(), byteCount: 0) }
        _ = byNumber.take(waitingAtMost: 0)
        try byNumber.put(order(), byteCount: 0)

        let byBytes = OrderQueue()
        try byBytes.put(order(), byteCount: OrderQueue.maximumBytes - 1)
        #expect(throws: OrderQueue.Refusal.full) { try byBytes.put(order(), byteCount: 2) }
        #expect(throws: OrderQueue.Refusal.full) { try byBytes.put(order(), byteCount: .max) }
        try byBytes.put(order(), byteCount: 1)
        _ = byBytes.take(waitingAtMost: 0)
        try byBytes.put(order(), byteCount: 2)
    }

    /// A queue in which orders wait for announced ones as long as it takes.
    private let patient = OrderQueue(gathering: .seconds(3_600))

    /// How many orders a thread gets that takes while `body` runs, before, or after.
    private func taken(
        from queue: OrderQueue,
        while body: () throws -> Void
    ) async rethrows -> Int? {
        let (counts, continuation) = AsyncStream.makeStream(of: Int?.self)
        Thread.detachNewThread { continuation.yield(queue.take(waitingAtMost: nil)?.count) }
        try body()
        return await counts.first { _ in true } ?? nil
    }

    @Test("Orders wait for those that are announced, and come out together with them")
    func gathering() async throws {
        patient.announce()
        patient.announce()
        let count = try await taken(from: patient) {
            try patient.put(order(), byteCount: 1)
            try patient.put(order(), byteCount: 1, isAnnounced: true)
            patient.withdraw()
        }
        #expect(count == 2)
    }

    @Test("An order that was announced and is refused holds up no other")
    func announcedAndRefused() async throws {
        patient.announce()
        let count = try await taken(from: patient) {
            try patient.put(order(), byteCount: 1)
            #expect(throws: OrderQueue.Refusal.full) {
                try patient.put(order(), byteCount: .max, isAnnounced: true)
            }
        }
        #expect(count == 1)
    }

    @Test("Orders wait for announced ones no longer than they gather")
    func endOfGathering() async throws {
        let queue = OrderQueue(gathering: .zero)
        queue.announce()
        let count = try await taken(from: queue) { try queue.put(order(), byteCount: 1) }
        #expect(count == 1)
    }

    @Test("Whoever was woken and finds an order announced meanwhile is woken again")
    func announcedAfterWaking() async throws {
        try patient.put(order(), byteCount: 1)
        patient.announce()
        let count = try await taken(from: patient) {
            try patient.put(order(), byteCount: 1, isAnnounced: true)
        }
        #expect(count == 2)
    }

    @Test("A closed queue gives out what it has, and then says that it is over")
    func closed() throws {
        let queue = OrderQueue()
        try queue.put(order(), byteCount: 1)
        queue.close()
        #expect(throws: OrderQueue.Refusal.closed) { try queue.put(order(), byteCount: 1) }
        #expect(queue.take(waitingAtMost: nil)?.count == 1)
        #expect(queue.take(waitingAtMost: nil) == nil)
        #expect(queue.take(waitingAtMost: nil) == nil)
    }
}

/// The sequencer with its thread.
@Suite struct SequencerTests {
    private static func sequencer(
        _ store: sending any EventStore,
        _ chamber: Chamber,
        fail: @escaping @Sendable (SequencerFailure) -> Void = { Issue.record("failed: \($0)") }
    ) throws -> Sequencer {
        let now = chamber.clock
        try Chamber.fillDirectory(store)
        return try Sequencer(
            store,
            identity: chamber.identity,
            clock: { .at(now) },
            reportDamage: { Issue.record("damaged: \($0): \($1)") },
            fail: fail
        )
    }

    /// Makes orders; its own core does nothing.
    private func maker() throws -> Chamber { try Chamber() }

    private func folder() throws -> String {
        let path = NSTemporaryDirectory() + "cabinet-server-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    @Test("Commands of many threads at once are all answered, and stored when it has shut down")
    func concurrency() async throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let maker = try maker()
        let sequencer = try Self.sequencer(SQLiteEventStore(folder: folder), maker)
        let (schedule, scheduled) = maker.order(try maker.schedule(), by: maker.caller("secretary"))
        sequencer.submit(schedule, byteCount: 100)
        let orders = (0..<100).map { number in
            maker.order(
                .setAgendaItem(SetAgendaItem("item", title: "Mục", position: UInt32(number))),
                by: maker.caller("secretary")
            )
        }
        await withTaskGroup(of: Void.self) { group in
            for (order, _) in orders {
                group.addTask { sequencer.submit(order, byteCount: 100) }
            }
        }
        await sequencer.shutDown()
        _ = try scheduled.value
        let indices = Set(try orders.map { try $0.1.value.firstIndex })
        #expect(indices == Set(3..<103))
        let store = try SQLiteEventStore(folder: folder)
        #expect(try store.logs().first?.entryCount == 103)
    }

    /// Schedules a meeting, and ends.
    private func written(in folder: String) throws -> (LogIdentity, Moment) {
        let chamber = try Chamber(SQLiteEventStore(folder: folder))
        try chamber.give(chamber.schedule())
        return (chamber.identity, try #require(try chamber.view.state.lastTime))
    }

    @Test("A clock that was set back before the start goes on from the newest entry")
    func clockGoesOn() async throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (identity, last) = try written(in: folder)
        let start = last.unixMilliseconds - 3_600_000
        let clock = try ServerClock(wall: { start }, elapsed: { 0 }, report: { _ in })
        let sequencer = try Sequencer(
            SQLiteEventStore(folder: folder),
            identity: identity,
            clock: clock.now,
            goOn: clock.startNotBefore,
            reportDamage: { Issue.record("damaged: \($0): \($1)") },
            fail: { Issue.record("failed: \($0)") }
        )
        #expect(clock.now() == last)
        await sequencer.shutDown()
    }

    @Test("After a failure of the store it says why first, and answers nobody with success")
    func failure() async throws {
        let maker = try maker()
        let store = MemoryEventStore()
        try Chamber.fillDirectory(store)
        store.nextFailure = StoreError(.full, "no space left on the disk")
        let failure = Guarded<String?>(nil)
        let (schedule, scheduled) = maker.order(try maker.schedule(), by: maker.caller("secretary"))
        let sequencer = try Self.sequencer(store, maker) { error in
            failure.withLock { $0 = "\(error)" }
            // Whoever waits knows nothing yet: a server ends its process here.
            #expect(scheduled.result == nil)
        }
        sequencer.submit(schedule, byteCount: 100)
        await sequencer.shutDown()
        #expect(failure.withLock { $0 }?.contains("no space left on the disk") == true)
        guard case .failure(let error)? = scheduled.result else {
            Issue.record("answered")
            return
        }
        // Whether it is stored is not known: it must not be taken for not processed.
        #expect(error.code == .unavailable && !error.isNotProcessed)
        let (late, lateReply) = maker.order(try maker.schedule(), by: maker.caller("secretary"))
        sequencer.submit(late, byteCount: 100)
        guard case .failure(let refusal)? = lateReply.result else {
            Issue.record("answered")
            return
        }
        #expect(refusal.code == .unavailable && refusal.isNotProcessed)
    }
}
