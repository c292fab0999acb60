import ArgumentParser
import CommandSupport

/// The agents of a coordinator on the command line: `a:7500,b:7500`.
struct AgentList: ExpressibleByArgument, Sendable {
    let addresses: [HostAndPort]

    /// There are none.
    init() { addresses = [] }

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
        let addresses = parts.compactMap { HostAndPort(argument: String($0)) }
        guard (1...AgentLimits.agents).contains(parts.count), addresses.count == parts.count,
            Set(addresses).count == addresses.count
        else { return nil }
        self.addresses = addresses
    }

    var defaultValueDescription: String { "none" }
}
