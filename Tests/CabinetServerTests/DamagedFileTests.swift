import CabinetAPI
import CabinetCrypto
import CabinetMapping
import CabinetModel
import CabinetStore
import Foundation
import ModelTestSupport
import TestSupport
import Testing

@testable import CabinetServer

/// The database file of a real meeting, with signed ballots, is damaged on the disk: a server that starts
/// on it finds it out, names what is damaged, and does not serve it.
@Suite struct DamagedFileTests {
    private let identity: LogIdentity
    private let file: DatabaseFile
    /// Of the meeting's log, as they were stored.
    private let entries: [StoredEntry]
    private let checkpoint: [UInt8]

    init() throws {
        let identity = try LogIdentity(name: "cabinet.example", key: .generate())
        var entries: [StoredEntry] = []
        var checkpoint: [UInt8] = []
        file = try DatabaseFile { store in
            let chamber = try Chamber(store, identity: identity)
            try Self.hold(chamber)
            try store.readEntries(of: LogID("meeting"), from: 0) { entry in
                entries.append(entry)
                return true
            }
            checkpoint = try #require(store.logs().first { $0.id.text == "meeting" }).checkpoint
        }
        self.identity = identity
        self.entries = entries
        self.checkpoint = checkpoint
    }

    /// A meeting with two polls and their verdicts, some entries longer than fits into a page, and another
    /// meeting beside it.
    private static func hold(_ chamber: Chamber) throws {
        let (order, other) = chamber.order(
            try chamber.schedule("other"),
            by: chamber.caller("secretary"),
            in: "other"
        )
        try chamber.process([order])
        _ = try other.value
        try chamber.openPoll(rule: PollRule(isRevocable: true))
        try chamber.give(
            .admitParticipants(
                (0..<40).map { number in
                    try Participant(
                        PrincipalID("guest-\(number)"),
                        displayName: DisplayName(String(repeating: "Khách \(number), ", count: 9)),
                        office: Office(String(repeating: "Văn phòng \(number), ", count: 12)),
                        roles: [.guest]
                    )
                }
            )
        )
        for (number, id) in [(1, 1), (2, 2), (3, 3)] {
            _ = try chamber.cast(chamber.ballot(number, .vote(.yes, 1), id: id))
        }
        for revision in 2...6 as ClosedRange<UInt32> {
            _ = try chamber.cast(
                chamber.ballot(2, .vote(.no, Revision(revision)), id: Int(revision) + 10)
            )
        }
        try chamber.give(.closePoll("poll"), by: "m1")
        try chamber.give(.adjournMeeting)
    }

    /// A server starts on the file as it is.
    ///
    /// - Returns: What it says of the meeting; `nil` where it serves it.
    private func finding() throws -> LogDamage? {
        let chamber = try Chamber(SQLiteEventStore(folder: file.folder), identity: identity)
        #expect(chamber.damage["other"] == nil)
        let damage = chamber.damage["meeting"]
        // Who takes part in a damaged meeting cannot be told any more, and who does not is told why.
        let id: PrincipalID = damage == nil ? "secretary" : "admin"
        let caller = chamber.caller(id, key: .numbered(9_000))
        let (order, reply) = chamber.order(.recordLeave("m1"), by: caller)
        try chamber.process([order])
        #expect(reply.reason == (damage == nil ? "MEETING_ADJOURNED" : "LOG_DAMAGED"))
        return damage
    }

    @Test("The file as it is is served")
    func intact() throws {
        #expect(try file.with(file.intact) { try finding() } == nil)
        #expect(entries.contains { $0.bytes.count > 4_096 })
    }

    @Test("Each of 1,000 bits that flip in the entries is found at start, and its entry named")
    func flippedBits() throws {
        var generator = Seed.generator(0x60)
        let places = entries.map { file.places(of: $0.bytes) }
        // Next to nothing is not found in the file, or the test would look at less than it says.
        let byteCount = entries.reduce(0) { $0 + $1.bytes.count }
        #expect(places.joined().count { $0 == nil } * 20 < byteCount)
        var flips = 0
        while flips < 1_000 {
            let index = Int.random(in: 0..<entries.count, using: &generator)
            guard let place = places[index].compactMap({ $0 }).randomElement(using: &generator)
            else { continue }
            let bit = UInt8.random(in: 0..<8, using: &generator)
            let found = try file.with(file.flipping(bit, at: place)) { try finding() }
            #expect(found?.index == UInt64(index), "bit \(bit) of the byte \(place)")
            flips += 1
        }
        #expect(try file.with(file.intact) { try finding() } == nil)
    }

    @Test("Bits that flip in the checkpoint are found")
    func flippedCheckpoints() throws {
        var generator = Seed.generator(0x61)
        let places = file.places(of: checkpoint).compactMap { $0 }
        for _ in 0..<40 {
            let place = try #require(places.randomElement(using: &generator))
            let bit = UInt8.random(in: 0..<8, using: &generator)
            let found = try file.with(file.flipping(bit, at: place)) { try finding() }
            #expect(found != nil, "bit \(bit) of the byte \(place)")
        }
    }

    /// Starts on a damaged file: it may find the damage in the database, or in the log. It never serves
    /// the meeting as if nothing were.
    private func expectFound(_ what: String, _ change: (inout Data) -> Void) throws {
        var changed = file.intact
        change(&changed)
        try file.with(changed) {
            do {
                let chamber = try Chamber(SQLiteEventStore(folder: file.folder), identity: identity)
                #expect(chamber.damage["meeting"] != nil, "\(what)")
            } catch let error as StoreError {
                #expect([.damaged, .io, .unknownFormat].contains(error.kind), "\(what): \(error)")
                #expect(!error.explanation.isEmpty)
            }
        }
    }

    @Test("A page that the disk lost, or of which half was written, is found")
    func lostPages() throws {
        let pageBytes = 4_096
        let places = Set(entries.flatMap { file.places(of: $0.bytes) }.compactMap { $0 })
        let pages = Set(places.map { $0 / pageBytes })
        #expect(pages.count > 2)
        for page in pages {
            let whole = page * pageBytes..<(page + 1) * pageBytes
            // A half that no entry is in may be empty as it is.
            for lost in [whole, whole.prefix(pageBytes / 2), whole.suffix(pageBytes / 2)]
            where !places.isDisjoint(with: lost) {
                try expectFound("zeros in \(lost)") {
                    $0.replaceSubrange(lost, with: Data(count: lost.count))
                }
            }
        }
    }

    @Test("A file that was cut off is found")
    func truncated() throws {
        let count = file.intact.count
        for kept in [100, 4_096, count / 2, count - 4_096, count - 1] {
            try expectFound("\(kept) of \(count) bytes") { $0 = $0.prefix(kept) }
        }
    }
}
