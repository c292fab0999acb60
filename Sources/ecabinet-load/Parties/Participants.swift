import CabinetAPI
import CabinetLoad

/// Who is to be admitted to a meeting, by identifier. Whose keys are where does not matter.
struct Participants: Sendable, Hashable {
    /// In the order of their numbers; the first is in the chair.
    var members: [String]
    var displays: [String]

    /// Those of a scenario.
    ///
    /// - Parameters:
    ///   - processes: How many have a share of them.
    ///   - tag: What identifiers begin with.
    init(of scenario: Scenario, processes: Int, tag: String) {
        members = (0..<scenario.members).map { Self.member($0, tag) }
        displays = Share.all(processes).flatMap { share in
            scenario.boardDevices(of: share).map { Self.display($0, tag) }
        }
    }

    init(members: [String], displays: [String]) {
        self.members = members
        self.displays = displays
    }

    static func member(_ number: Int, _ tag: String) -> String { "\(tag)-m\(number)" }

    static func display(_ number: Int, _ tag: String) -> String { "\(tag)-d\(number)" }

    static func roles(ofMember number: Int) -> [Role] {
        number == 0 ? [.member, .chair] : [.member]
    }

    var admissions: [Admission] {
        members.enumerated().map {
            Admission(principalID: $0.element, roles: Self.roles(ofMember: $0.offset))
        } + displays.map { Admission(principalID: $0, roles: [.display]) }
    }
}
