import CabinetAPI
import CabinetLocks
import CabinetModel
import CabinetRPC
import CabinetTLS
import ModelTestSupport
import Testing

@testable import CabinetServer

/// Who is connected, as those who follow it are told.
@Suite(.timeLimit(.minutes(5))) struct PresenceBoardTests {
    typealias Devices = PresenceBoard.Devices

    // MARK: - What leads from one state to another

    private static let steps: [(old: Devices, new: Devices, told: [[String]])] = [
        ([:], [:], []),
        ([:], ["m1": [.tablet]], [["m1 2"]]),
        (["m1": [.tablet]], ["m1": [.tablet]], []),
        (["m1": [.tablet]], [:], [["m1"]]),
        (["m1": [.tablet]], ["m1": [.tablet, .phone]], [["m1 2 3"]]),
        (["m1": [.tablet], "m3": [.phone]], ["m2": [.phone], "m3": [.phone]], [["m1", "m2 3"]]),
    ]

    @Test("A change names those, and only those, whose presence is another", arguments: 0..<6)
    func changes(_ index: Int) {
        let step = Self.steps[index]
        let told = PresenceBoard.changes(from: step.old, to: step.new).map(Self.lines)
        #expect(told == step.told)
    }

    @Test("An event has a hundred changes at most")
    func manyChanges() {
        let devices = Devices(
            uniqueKeysWithValues: (100...349).map {
                (Identifier(stringLiteral: "m\($0)"), [.phone])
            }
        )
        let told = PresenceBoard.changes(from: [:], to: devices).map(Self.lines)
        #expect(told.map(\.count) == [100, 100, 50])
        #expect(told.joined().elementsEqual((100...349).map { "m\($0) 3" }))
    }

    private static func lines(_ response: FollowPresenceResponse) -> [String] {
        guard case .change(let change)? = response.content else { return ["no change"] }
        return change.changes.map(line)
    }

    private static func line(_ presence: CabinetAPI.Presence) -> String {
        ([presence.principalID] + presence.devices.map { "\($0.rawValue)" })
            .joined(separator: " ")
    }

    // MARK: - Over connections

    /// Reads what is told until it is as expected. Each pause of the board's is over at once.
    private static func follow(
        _ node: ServedNode,
        _ name: String,
        until expected: Set<String>,
        doing action: () async throws -> Void = {}
    ) async throws {
        var connected: [String: String] = [:]
        let subscription = try await node.live(name).followPresence(
            FollowPresenceRequest(meetingID: "meeting")
        )
        try await action()
        for try await element in subscription {
            switch element.event.content {
            case .snapshot(let snapshot):
                connected = [:]
                for presence in snapshot.connected {
                    connected[presence.principalID] = line(presence)
                }
            case .change(let change):
                for presence in change.changes {
                    connected[presence.principalID] =
                        presence.devices.isEmpty ? nil : line(presence)
                }
            case nil:
                Issue.record("neither a snapshot nor a change")
            }
            if Set(connected.values) == expected { return }
        }
        Issue.record("the channel ended with \(connected)")
    }

    @Test("Those who come and go are told of, if they take part in the meeting")
    func comingAndGoing() async throws {
        try await ServedNode.run { node in
            try await node.prepareMeeting()
            // Whoever has called is connected; the administrator takes no part.
            let there: Set = ["m1 2", "m2 2", "m3 2", "secretary 2"]
            try await Self.follow(node, "m1", until: there)
            try await Self.follow(node, "m1", until: there.union(["wall 2"])) {
                _ = try await node.client("wall").connect()
                _ = try await node.client("auditor").connect()
            }
            try await Self.follow(node, "m1", until: there.subtracting(["m2 2"])) {
                await node.disconnect("m2")
                await node.disconnect("wall")
            }
        }
    }

    @Test("Whoever is admitted while connected is there, and whoever is removed is not")
    func participation() async throws {
        try await ServedNode.run { node in
            try await node.prepareMeeting()
            _ = try await node.client("outsider").connect()
            let there: Set = ["m1 2", "m2 2", "m3 2", "secretary 2"]
            try await Self.follow(node, "m1", until: there.union(["outsider 2"])) {
                _ = try await node.meeting("secretary").admitParticipants(
                    AdmitParticipantsRequest(
                        meetingID: "meeting",
                        admissions: [Admission(principalID: "outsider", roles: [.member])]
                    )
                )
            }
            try await Self.follow(node, "m1", until: there) {
                _ = try await node.meeting("secretary").removeParticipant(
                    RemoveParticipantRequest(meetingID: "meeting", principalID: "outsider")
                )
            }
        }
    }

    /// The time between two changes, which passes when the test says so.
    private final class Pauses: Sendable {
        private struct State {
            var isHeld = false
            var lengths: [Duration] = []
            var waiting: [CheckedContinuation<Void, Never>] = []
        }

        private let state = Guarded(State())

        var lengths: [Duration] { state.withLock { $0.lengths } }

        func pass(_ length: Duration) async {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    state.lengths.append(length)
                    if state.isHeld { state.waiting.append(continuation) }
                    return !state.isHeld
                }
                if isOver { continuation.resume() }
            }
        }

        func hold() {
            state.withLock { $0.isHeld = true }
        }

        func release() {
            let waiting = state.withLock { state in
                state.isHeld = false
                defer { state.waiting = [] }
                return state.waiting
            }
            for continuation in waiting { continuation.resume() }
        }
    }

    @Test("However often somebody comes and goes in a while, one change is told")
    func conflation() async throws {
        let pauses = Pauses()
        try await ServedNode.run(pause: pauses.pass) { node in
            try await node.prepareMeeting()
            let subscription = try await node.live("m1").followPresence(
                FollowPresenceRequest(meetingID: "meeting")
            )
            var events = subscription.makeAsyncIterator()
            let snapshot = try #require(try await events.next())
            #expect(snapshot.isSnapshot)
            pauses.hold()
            for _ in 0..<5 { try await node.reconnected("wall") }
            pauses.release()
            let change = try #require(try await events.next())
            #expect(Self.lines(change.event) == ["wall 2"])
            #expect(change.token.sequence == snapshot.token.sequence + 1)
            await node.disconnect("m2")
            let next = try #require(try await events.next())
            #expect(Self.lines(next.event) == ["m2"])
            #expect(next.token.sequence == change.token.sequence + 1)
        }
        #expect(!pauses.lengths.isEmpty)
        #expect(pauses.lengths.allSatisfy { $0 == .milliseconds(250) })
    }

    @Test("What one server has told is no beginning for what the next one tells")
    func restart() async throws {
        var tokens: [ResumeToken] = []
        for _ in 0..<2 {
            try await ServedNode.run { node in
                try await node.prepareMeeting()
                let subscription = try await node.live("m1").followPresence(
                    FollowPresenceRequest(meetingID: "meeting"),
                    resumingAfter: tokens.first
                )
                for try await element in subscription {
                    #expect(element.isSnapshot)
                    tokens.append(element.token)
                    break
                }
            }
        }
        #expect(tokens.count == 2)
        #expect(Set(tokens.map(\.epoch)).count == 2)
    }

    @Test("A suspended member is not there")
    func suspension() async throws {
        try await ServedNode.run { node in
            try await node.prepareMeeting()
            try await Self.follow(node, "m1", until: ["m1 2", "m3 2", "secretary 2"]) {
                _ = try await node.directory("admin").putPrincipal(
                    PutPrincipalRequest(
                        principalID: "m2",
                        displayName: "Ông m2",
                        roles: [.member],
                        suspended: true,
                        expectedRevision: try await node.revision(of: "m2")
                    )
                )
            }
        }
    }
}
