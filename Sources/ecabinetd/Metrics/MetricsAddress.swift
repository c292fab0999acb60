import NIOCore

/// Where metrics are served: an address of this machine's, and no name, which could become another one.
struct MetricsAddress {
    let address: SocketAddress
    /// Whether others than this machine can reach it.
    let isExposed: Bool

    /// - Returns: `nil` where metrics are not to be served.
    /// - Throws: ``ServerFailure`` where the setting is no address, and where others could read the metrics
    ///   and nobody has said that they may.
    init?(_ settings: Settings) throws(ServerFailure) {
        let mayBeExposed = try Self.mayBeExposed(settings)
        guard let text = settings.text(Settings.metrics) else { return nil }
        guard let address = Self.parse(text) else {
            throw ServerFailure(
                .configuration,
                "«metrics» is «\(text)»; it is an IP address with a port, as 127.0.0.1:9464 or [::1]:9464"
            )
        }
        self.address = address
        isExposed = !address.isLoopback
        guard !isExposed || mayBeExposed else {
            throw ServerFailure(
                .configuration,
                "«metrics» is «\(text)», which others than this machine may reach, and metrics have "
                    + "neither TLS nor a password: take 127.0.0.1, or give "
                    + "--\(Settings.flag(Settings.metricsExposed)) yes if that is meant"
            )
        }
    }

    private static func mayBeExposed(_ settings: Settings) throws(ServerFailure) -> Bool {
        switch settings.text(Settings.metricsExposed) {
        case nil, "no"?: return false
        case "yes"?: return true
        case let text?:
            throw ServerFailure(.configuration, "«metrics-exposed» is «\(text)»; it is yes or no")
        }
    }

    /// An IPv4 address or an IPv6 address in brackets, and a port in digits.
    static func parse(_ text: String) -> SocketAddress? {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        // A number may have a sign.
        guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let port = UInt16(digits)
        else { return nil }
        let host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        guard isBracketed == host.contains(":") else { return nil }
        let address = isBracketed ? host.dropFirst().dropLast() : host
        return try? SocketAddress(ipAddress: String(address), port: Int(port))
    }
}

extension SocketAddress {
    /// Whether only this machine has it: 127.0.0.0/8 (RFC 1122, section 3.2.1.3) or ::1 (RFC 4291, section
    /// 2.5.3).
    fileprivate var isLoopback: Bool {
        // As the system writes it, not as it was given.
        switch self {
        case .v4: ipAddress?.hasPrefix("127.") == true
        case .v6: ipAddress == "::1"
        case .unixDomainSocket: false
        }
    }
}
