/// The figures of a round of votes, for a reader or for a program.
struct SaturationReport: Encodable {
    let members: Int
    let votes: Int
    let errors: Int
    let firstError: String?
    let seconds: Double
    let ratePerS: Double
    let latencyUs: LatencyReport
    let serverCpuUs: Double?

    init(_ figures: Saturation.Figures, members: Int) {
        self.members = members
        votes = figures.votes
        errors = figures.errors
        firstError = figures.firstError
        seconds = figures.duration / .seconds(1)
        ratePerS = inTenths(Double(figures.votes) / seconds)
        latencyUs = LatencyReport(figures.latencies)
        serverCpuUs = figures.serverCPU.map {
            inTenths($0 / .microseconds(1) / Double(figures.votes))
        }
    }

    var text: String {
        """
        \(members) members: \(votes) votes in \(inTenths(seconds)) s, \(ratePerS) a second, \
        \(errors) failed
        \(latencyUs.text)\(serverCpuUs.map { "\nserver: \($0) µs of processor time for a vote" } ?? "")
        """
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(members, forKey: .members)
        try container.encode(votes, forKey: .votes)
        try container.encode(errors, forKey: .errors)
        // Also where there is none.
        try container.encode(firstError, forKey: .firstError)
        try container.encode(seconds, forKey: .seconds)
        try container.encode(ratePerS, forKey: .ratePerS)
        try container.encode(latencyUs, forKey: .latencyUs)
        try container.encode(serverCpuUs, forKey: .serverCpuUs)
    }

    private enum CodingKeys: String, CodingKey {
        case members, votes, errors, firstError, seconds, ratePerS, latencyUs, serverCpuUs
    }
}
