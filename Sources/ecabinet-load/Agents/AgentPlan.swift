import CabinetLoad
import CommandSupport
import LoadAPI

/// What an agent was told of a rehearsal, all of which was looked at.
struct AgentPlan: Sendable {
    let scenario: Scenario
    let share: Share
    let seed: UInt64
    let tag: String
    let target: HostAndPort
    /// In the server's certificate.
    let serverName: String
    let isPaced: Bool

    /// Why an order is not followed.
    struct Invalid: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) { self.description = description }
    }

    /// - Parameter yaml: The scenario, from its pieces.
    /// - Throws: ``Invalid``
    init(_ order: PrepareOrder, scenario yaml: [UInt8]) throws(Invalid) {
        guard let number = Int(exactly: order.share), let count = Int(exactly: order.shares),
            number > 0, let share = Share(number, of: count)
        else { throw Invalid("there is no share \(order.share) of \(order.shares)") }
        guard (1...AgentLimits.tagBytes).contains(order.tag.utf8.count),
            order.tag.utf8.allSatisfy({ Self.tagCharacters.contains($0) })
        else { throw Invalid("the tag is out of its bounds") }
        guard Self.isName(order.targetHost), Self.isName(order.serverName),
            (1...65_535).contains(order.targetPort)
        else { throw Invalid("the target is no address") }
        guard let text = String(validating: yaml, as: UTF8.self) else {
            throw Invalid("the scenario is no text in UTF-8")
        }
        do throws(ScenarioError) {
            scenario = try Scenario(yaml: text)
        } catch {
            throw Invalid("the scenario: \(error)")
        }
        guard scenario.participants(ofProcesses: count) <= Scenario.maximumParticipants else {
            throw Invalid("there are more participants than a meeting may have")
        }
        self.share = share
        seed = order.seed
        tag = order.tag
        serverName = order.serverName
        target = HostAndPort(host: order.targetHost, port: Int(order.targetPort))
        isPaced = !order.isUnpaced
    }

    private static let tagCharacters = Set("abcdefghijklmnopqrstuvwxyz0123456789-".utf8)

    private static func isName(_ text: String) -> Bool {
        (1...AgentLimits.nameBytes).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
    }

    /// How many connections it takes here.
    var connections: Int {
        scenario.voters(of: share).count + scenario.followers(of: share).count
    }
}
