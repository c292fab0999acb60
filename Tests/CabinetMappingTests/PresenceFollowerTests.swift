import CabinetAPI
import CabinetMapping
import CabinetModel
import ModelTestSupport
import Testing

/// A client's picture of who is connected.
@Suite struct PresenceFollowerTests {
    private func presence(
        _ id: String,
        _ devices: CabinetAPI.DeviceKind...
    ) -> CabinetAPI.Presence {
        CabinetAPI.Presence(principalID: id, devices: devices)
    }

    private func snapshot(_ connected: [CabinetAPI.Presence]) -> FollowPresenceResponse {
        FollowPresenceResponse(content: .snapshot(PresenceSnapshot(connected: connected)))
    }

    private func change(_ changes: [CabinetAPI.Presence]) -> FollowPresenceResponse {
        FollowPresenceResponse(content: .change(PresenceChange(changes: changes)))
    }

    @Test("A change replaces what is known of those in it, and of nobody else")
    func changes() throws {
        var follower = PresenceFollower()
        try follower.take(
            snapshot([presence("a", .phone), presence("b", .tablet)]),
            sequenceNumber: 5
        )
        try follower.take(
            change([presence("b"), presence("c", .computer, .phone)]),
            sequenceNumber: 6
        )
        #expect(follower.connected.kinds == ["a": [.phone], "c": [.computer, .phone]])
        #expect(follower.sequenceNumber == 6)
        #expect(!follower.connected.isConnected("b"))
        #expect(follower.connected["b"].isEmpty)
        // A snapshot replaces everything, whatever its number is.
        try follower.take(snapshot([]), sequenceNumber: 2)
        #expect(follower.connected == ConnectedDevices())
    }

    @Test("What is out of order or out of bounds is refused, and changes nothing")
    func refusals() throws {
        var follower = PresenceFollower()
        try follower.take(snapshot([presence("a", .phone)]), sequenceNumber: 5)
        let many = (0..<801).map { presence("p\($0)", .phone) }
        let refused: [(FollowPresenceResponse, UInt64)] = [
            (FollowPresenceResponse(), 6),
            (change([presence("b", .phone)]), 5),
            (change([presence("b", .phone)]), 7),
            (change([]), 6),
            (change(Array(many.prefix(101))), 6),
            (change([presence("b", .phone), presence("b")]), 6),
            (change([presence("b", .phone, .phone)]), 6),
            (change([presence("b", .unspecified)]), 6),
            (change([presence("b", CabinetAPI.DeviceKind(rawValue: 99))]), 6),
            (change([presence("no identifier", .phone)]), 6),
            (snapshot([presence("b")]), 6),
            (snapshot([presence("b", .phone), presence("b", .phone)]), 6),
            (snapshot(many), 6),
        ]
        for (response, number) in refused {
            #expect(throws: FollowError.self, "\(response)") {
                try follower.take(response, sequenceNumber: number)
            }
            #expect(follower.connected.kinds == ["a": [.phone]])
            #expect(follower.sequenceNumber == 5)
        }
    }

    @Test("No more are connected than take part")
    func bound() throws {
        var follower = PresenceFollower()
        let many = (0..<800).map { presence("p\($0)", .phone) }
        try follower.take(snapshot(many), sequenceNumber: 1)
        #expect(throws: FollowError.self) {
            try follower.take(change([presence("q", .phone)]), sequenceNumber: 2)
        }
        try follower.take(change([presence("q", .phone), presence("p0")]), sequenceNumber: 2)
        #expect(follower.connected.kinds.count == 800)
    }
}
