import CabinetLoad
import Testing

/// How the people of a rehearsal are divided between processes.
@Suite struct ShareTests {
    private static func scenario(_ members: Int, absent: Int, displays: Int) -> Scenario {
        var scenario = Scenario(name: "Shares")
        scenario.members = members
        scenario.absent = absent
        scenario.displays = displays
        scenario.tablets = true
        return scenario
    }

    @Test(
        "Everybody is in one share, and no share is larger than another by more than two",
        arguments: [1, 2, 3, 7, 32],
        [(1, 0, 0), (12, 0, 6), (27, 4, 61), (500, 30, 1_000), (30, 29, 1)]
    )
    func division(_ count: Int, _ size: (members: Int, absent: Int, displays: Int)) {
        let scenario = Self.scenario(size.members, absent: size.absent, displays: size.displays)
        let shares = Share.all(count)
        #expect(shares.count == count)
        let members = shares.map { scenario.members(of: $0) }
        let voters = shares.map { scenario.voters(of: $0) }
        let boards = shares.map { scenario.boards(of: $0) }
        let followers = shares.map { scenario.followers(of: $0) }
        #expect(members.flatMap(\.self).sorted() == Array(0..<scenario.members))
        #expect(voters.flatMap(\.self).sorted() == Array(0..<scenario.present))
        #expect(boards.flatMap(\.self).sorted() == Array(0..<scenario.displays))
        #expect(followers.flatMap(\.self).sorted() == Array(0..<scenario.followers))
        for parts in [members, voters, boards] {
            #expect(spread(parts.map(\.count)) <= 1)
        }
        #expect(spread(zip(voters, boards).map { $0.count + $1.count }) <= 2)
        // A tablet is where its member is.
        for (voters, followers) in zip(voters, followers) {
            #expect(followers.prefix(voters.count).elementsEqual(voters))
        }
    }

    @Test("The devices of boards are nobody's twice, and enough", arguments: [1, 2, 5, 32])
    func devices(_ count: Int) {
        let scenario = Self.scenario(20, absent: 0, displays: 400)
        let shares = Share.all(count)
        var next = 0
        for share in shares {
            let devices = scenario.boardDevices(of: share)
            #expect(devices.lowerBound == next)
            #expect(
                devices.count * Scenario.displaysOfDevice >= scenario.boards(of: share).count
            )
            next = devices.upperBound
        }
        #expect(scenario.participants(ofProcesses: count) == 20 + next)
    }

    @Test("The process that coordinates has everything where it is alone")
    func whole() {
        let scenario = Self.scenario(5, absent: 1, displays: 3)
        #expect(scenario.members(of: .whole) == [0, 1, 2, 3, 4])
        #expect(scenario.followers(of: .whole) == Array(0..<7))
        #expect(scenario.boardDevices(of: .whole) == 0..<1)
    }

    @Test("There is no share beyond the processes, nor one of too many or of none")
    func bounds() {
        #expect(Share(0, of: 0) == nil)
        #expect(Share(-1, of: 2) == nil)
        #expect(Share(2, of: 2) == nil)
        #expect(Share(0, of: Share.maximumCount + 1) == nil)
        #expect(Share(Share.maximumCount - 1, of: Share.maximumCount) != nil)
        #expect(Share.all(0).isEmpty)
        #expect(Share.all(Share.maximumCount + 1).isEmpty)
    }

    private func spread(_ counts: [Int]) -> Int { (counts.max() ?? 0) - (counts.min() ?? 0) }
}
