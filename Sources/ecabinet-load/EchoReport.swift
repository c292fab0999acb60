import CommandSupport

/// The figures of a load, for a reader or for a program.
struct EchoReport: Encodable {
    let target: String
    let connections: Int
    let inFlight: Int
    let payloadBytes: Int
    let requests: Int
    let errors: Int
    let firstError: String?
    let seconds: Double
    let ratePerS: Double
    let latencyUs: LatencyReport

    init(
        _ figures: EchoLoad.Figures,
        target: HostAndPort,
        connections: Int,
        inFlight: Int,
        payloadBytes: Int
    ) {
        self.target = "\(target)"
        self.connections = connections
        self.inFlight = inFlight
        self.payloadBytes = payloadBytes
        requests = figures.requests
        errors = figures.errors
        firstError = figures.firstError
        seconds = figures.measured / .seconds(1)
        ratePerS = inTenths(Double(figures.requests) / seconds)
        latencyUs = LatencyReport(figures.latencies)
    }

    var text: String {
        """
        \(requests) calls in \(seconds) s, \(ratePerS) a second, \(errors) failed
        \(latencyUs.text)
        """
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(target, forKey: .target)
        try container.encode(connections, forKey: .connections)
        try container.encode(inFlight, forKey: .inFlight)
        try container.encode(payloadBytes, forKey: .payloadBytes)
        try container.encode(requests, forKey: .requests)
        try container.encode(errors, forKey: .errors)
        // Also where there is none.
        try container.encode(firstError, forKey: .firstError)
        try container.encode(seconds, forKey: .seconds)
        try container.encode(ratePerS, forKey: .ratePerS)
        try container.encode(latencyUs, forKey: .latencyUs)
    }

    private enum CodingKeys: String, CodingKey {
        case target, connections, inFlight, payloadBytes, requests, errors, firstError, seconds
        case ratePerS, latencyUs
    }
}
