import BallotTestSupport
import CabinetCrypto
import CabinetMapping
import CabinetModel
import CabinetStore
import Foundation
import Logging
import ModelTestSupport
import Testing

@testable import CabinetServer

/// Logs that an operator has put back from a copy.
@Suite struct RestorationTests {
    private func entries(_ store: any EventStore, of log: String) throws -> [Entry] {
        var reader = LogReader(verifiesSignatures: true)
        var stored: [[UInt8]] = []
        try store.readEntries(of: LogID(log), from: 0) { entry in
            stored.append(entry.bytes)
            return true
        }
        return try stored.map { try reader.next($0) }
    }

    @Test("Each log says once that it was restored and why, with an epoch that it has not had")
    func restored() throws {
        let chamber = try Chamber()
        try chamber.openPoll()
        _ = try chamber.cast(chamber.ballot(2, .vote(.yes, 1), id: 1))
        let (schedule, reply) = chamber.order(
            try chamber.schedule("second"),
            by: chamber.caller("secretary"),
            in: "second"
        )
        try chamber.process([schedule])
        _ = try reply.value
        let former = try chamber.view.state
        try chamber.restart()
        // Random numbers may repeat: both logs have had 7, and the first gets 8 before the second.
        var numbers: [UInt64] = [9, 7, 8, 7]
        let count = try chamber.core.markRestored("Đĩa hỏng", at: .at(chamber.clock + 5)) {
            try! Epoch(numbers.popLast() ?? 0)
        }
        #expect(count == 2)
        for log in ["meeting", "second"] {
            let last = try #require(try entries(chamber.store, of: log).last)
            guard case .fact(.logRestored(let epoch, let reason)) = last.body else {
                Issue.record("\(last.body)")
                return
            }
            #expect(epoch != (try Epoch(7)))
            #expect(reason == "Đĩa hỏng")
            #expect(last.author == .server && last.commandKey == nil)
            #expect(last.time == .at(chamber.clock + 5))
        }
        try chamber.restart()
        #expect(chamber.damage.isEmpty)
        #expect(try chamber.view.state.entryCount == former.entryCount + 1)
        #expect(try chamber.view.state.epochs.count == 2)
        // And the meeting goes on where it was.
        _ = try chamber.cast(chamber.ballot(3, .vote(.no, 1), id: 2))
        try chamber.give(.closePoll("poll"), by: "m1")
    }

    @Test("All logs are marked in one commit, or none where it fails")
    func failure() throws {
        let store = MemoryEventStore()
        let chamber = try Chamber(store)
        try chamber.openPoll()
        let logs = try store.logs()
        try chamber.restart()
        store.nextFailure = StoreError(.full, "no space left on the disk")
        #expect(throws: SequencerFailure.self) {
            try chamber.core.markRestored("disk", at: .at(chamber.clock), epoch: Epoch.random)
        }
        #expect(try store.logs() == logs)
    }

    @Test("A data folder is marked without being served, and left as after a clean end")
    func folder() throws {
        let folder = NSTemporaryDirectory() + "cabinet-server-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let identity: LogIdentity
        do {
            let chamber = try Chamber(SQLiteEventStore(folder: folder))
            try chamber.openPoll()
            identity = chamber.identity
        }
        let configuration = CabinetNode.Configuration(
            dataFolder: folder,
            issuers: try TrustedIssuers(pem: TestAuthority().pem()),
            identity: { _ in identity }
        )
        let count = try CabinetNode.markRestored(
            configuration,
            reason: "disk",
            at: .at(1_561_341_700_000),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        #expect(count == 1)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
                == ["cabinet.sqlite", "lock"]
        )
        let store = try SQLiteEventStore(folder: folder)
        guard case .fact(.logRestored)? = try entries(store, of: "meeting").last?.body else {
            Issue.record("the last entry is another one")
            return
        }
    }
}
