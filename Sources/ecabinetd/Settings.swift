import Configuration
import SystemPackage

/// What an operator says of a server, from flags, from the environment and from a file, in this order.
struct Settings: Sendable {
    /// A setting: its key in the file, and what it is.
    struct Key: Sendable {
        let name: String
        let help: String

        /// As it is called in the environment.
        var variable: String {
            "ECABINET_"
                + name.uppercased().map { $0 == "." || $0 == "-" ? "_" : String($0) }.joined()
        }
    }

    static let name = Key(
        name: "name",
        help: "Name of the installation, as cabinet.example: all logs are named after it."
    )
    static let data = Key(name: "data", help: "Folder of the meetings; made if it is not there.")
    static let listen = Key(
        name: "listen",
        help: "Where to listen, as 127.0.0.1:7443; port 0 takes a free one."
    )
    static let certificate = Key(
        name: "tls.certificate",
        help: "The server's certificate chain, in PEM."
    )
    static let key = Key(name: "tls.key", help: "The private key of the certificate, in PEM.")
    static let authorities = Key(
        name: "tls.authorities",
        help: "The authorities that issue the certificates of devices, in PEM."
    )
    static let revocationLists = Key(
        name: "tls.revocation-lists",
        help: "Revocation lists of all authorities, in PEM; read again at SIGHUP."
    )
    static let issuers = Key(
        name: "issuers",
        help:
            "The authorities that issue signing certificates; those of tls.authorities if left out."
    )
    static let logKey = Key(
        name: "log.key",
        help: "The Ed25519 key that signs the logs, in PEM; log-key.pem in the data folder if left "
            + "out, which is made if it is not there."
    )
    static let logLevel = Key(
        name: "log.level",
        help:
            "The least important lines that are logged: trace, debug, info, notice, warning, error "
            + "or critical; info if left out."
    )
    static let administrator = Key(
        name: "administrator.certificate",
        help:
            "Certificate of the first administrator's device, in PEM: needed for a data folder in "
            + "which there is nobody."
    )
    static let administratorID = Key(
        name: "administrator.id",
        help: "The first administrator's identifier; admin if left out."
    )
    static let administratorName = Key(
        name: "administrator.name",
        help: "The first administrator's name; Administrator if left out."
    )
    static let threads = Key(name: "threads", help: "Event loops; 1 if left out.")
    static let verificationThreads = Key(
        name: "verification-threads",
        help: "Threads that verify ballots; as many as there are cores if left out."
    )
    static let grace = Key(
        name: "grace",
        help: "Seconds for calls in flight at the end; 10 if left out."
    )
    static let connections = Key(
        name: "connections",
        help: "Connections at once; 4096 if left out."
    )
    static let connectionsPerAddress = Key(
        name: "connections-per-address",
        help:
            "Connections at once from one IP address, which may be a whole building's; 1024 if left "
            + "out."
    )
    static let connectionRate = Key(
        name: "connection-rate",
        help:
            "New connections a second from one IP address for long, and eight times as many in one "
            + "go; 32 if left out."
    )
    static let liveHistory = Key(
        name: "live.history",
        help:
            "KiB of events that each channel keeps for those who are behind: who has missed more gets "
            + "the whole state; 4096 if left out."
    )
    static let livePatience = Key(
        name: "live.patience",
        help:
            "Seconds after which somebody who follows a meeting is sent away, to come back when it can, "
            + "because it takes too little; 30 if left out. Who takes nothing is disconnected after 10."
    )

    static let metrics = Key(
        name: "metrics",
        help:
            "Where to serve metrics to Prometheus, over HTTP, as 127.0.0.1:9464; port 0 takes a free "
            + "one. Nowhere if left out."
    )
    static let metricsExposed = Key(
        name: "metrics-exposed",
        help:
            "yes, where others than this machine may read the metrics, which have neither TLS nor a "
            + "password; no if left out."
    )

    static let all = [
        name, data, listen, certificate, key, authorities, revocationLists, issuers, logKey,
        logLevel, administrator, administratorID, administratorName, threads,
        verificationThreads, grace, connections, connectionsPerAddress, connectionRate,
        liveHistory, livePatience, metrics, metricsExposed,
    ]

    private let reader: ConfigReader

    /// - Parameters:
    ///   - flags: From the command line, by the names of the keys.
    ///   - environment: The process's.
    ///   - file: Path of a JSON file; `nil` for none.
    /// - Throws: ``ServerFailure`` where the file cannot be read, or has a key that there is not.
    init(
        flags: [String: String],
        environment: [String: String],
        file: String?
    ) async throws {
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        for (name, value) in flags {
            values[AbsoluteConfigKey(name.split(separator: ".").map(String.init))] =
                ConfigValue(.string(value), isSecret: false)
        }
        var providers: [any ConfigProvider] = [
            InMemoryProvider(name: "flags", values: values),
            EnvironmentVariablesProvider(environmentVariables: environment)
                .prefixKeys(with: "ecabinet"),
        ]
        if let file {
            do {
                providers.append(try await FileProvider<JSONSnapshot>(filePath: FilePath(file)))
            } catch {
                throw ServerFailure(
                    .configuration,
                    "the configuration file \(file) cannot be used: \(error)"
                )
            }
        }
        reader = ConfigReader(providers: providers)
    }

    /// The value of a setting; `nil` where it is left out.
    func text(_ key: Key) -> String? {
        reader.string(forKey: ConfigKey(key.name))
            ?? reader.int(forKey: ConfigKey(key.name)).map(String.init)
    }

    /// - Throws: ``ServerFailure`` where it is left out.
    func required(_ key: Key) throws(ServerFailure) -> String {
        guard let value = text(key), !value.isEmpty else {
            throw ServerFailure(
                .configuration,
                "«\(key.name)» is not set: give --\(Self.flag(key)), \(key.variable), or "
                    + "«\(key.name)» in the configuration file. \(key.help)"
            )
        }
        return value
    }

    /// - Throws: ``ServerFailure`` where it is no number within the bounds.
    func number(
        _ key: Key,
        in bounds: ClosedRange<Int>,
        otherwise standard: Int
    ) throws(ServerFailure) -> Int {
        guard let text = text(key) else { return standard }
        guard let number = Int(text), bounds.contains(number) else {
            throw ServerFailure(
                .configuration,
                "«\(key.name)» is «\(text)»; it is a number from \(bounds.lowerBound) to "
                    + "\(bounds.upperBound)"
            )
        }
        return number
    }

    /// As the setting is called on the command line.
    static func flag(_ key: Key) -> String {
        String(key.name.map { $0 == "." ? "-" : $0 })
    }
}
