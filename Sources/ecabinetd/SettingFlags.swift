import ArgumentParser

/// The settings on the command line.
struct SettingFlags: ParsableArguments {
    @Option(help: Self.help(Settings.name, "name"))
    var name: String?

    @Option(help: Self.help(Settings.data, "folder"))
    var data: String?

    @Option(help: Self.help(Settings.listen, "host:port"))
    var listen: String?

    @Option(help: Self.help(Settings.certificate, "file"))
    var tlsCertificate: String?

    @Option(help: Self.help(Settings.key, "file"))
    var tlsKey: String?

    @Option(help: Self.help(Settings.authorities, "file"))
    var tlsAuthorities: String?

    @Option(help: Self.help(Settings.revocationLists, "file"))
    var tlsRevocationLists: String?

    @Option(help: Self.help(Settings.issuers, "file"))
    var issuers: String?

    @Option(help: Self.help(Settings.logKey, "file"))
    var logKey: String?

    @Option(help: Self.help(Settings.logLevel, "level"))
    var logLevel: String?

    @Option(help: Self.help(Settings.administrator, "file"))
    var administratorCertificate: String?

    @Option(help: Self.help(Settings.administratorID, "identifier"))
    var administratorID: String?

    @Option(help: Self.help(Settings.administratorName, "name"))
    var administratorName: String?

    @Option(help: Self.help(Settings.threads, "number"))
    var threads: String?

    @Option(help: Self.help(Settings.verificationThreads, "number"))
    var verificationThreads: String?

    @Option(help: Self.help(Settings.grace, "seconds"))
    var grace: String?

    @Option(help: Self.help(Settings.connections, "number"))
    var connections: String?

    @Option(help: Self.help(Settings.connectionsPerAddress, "number"))
    var connectionsPerAddress: String?

    @Option(help: Self.help(Settings.connectionRate, "number"))
    var connectionRate: String?

    @Option(help: Self.help(Settings.liveHistory, "KiB"))
    var liveHistory: String?

    @Option(help: Self.help(Settings.livePatience, "seconds"))
    var livePatience: String?

    @Option(help: Self.help(Settings.metrics, "address:port"))
    var metrics: String?

    @Option(help: Self.help(Settings.metricsExposed, "yes|no"))
    var metricsExposed: String?

    private static func help(_ key: Settings.Key, _ value: String) -> ArgumentHelp {
        ArgumentHelp(
            "\(key.help) (\(key.variable))",
            valueName: value
        )
    }

    /// Those that are given, by the names of the settings.
    var values: [String: String] {
        let given: KeyValuePairs<String, String?> = [
            Settings.name.name: name,
            Settings.data.name: data,
            Settings.listen.name: listen,
            Settings.certificate.name: tlsCertificate,
            Settings.key.name: tlsKey,
            Settings.authorities.name: tlsAuthorities,
            Settings.revocationLists.name: tlsRevocationLists,
            Settings.issuers.name: issuers,
            Settings.logKey.name: logKey,
            Settings.logLevel.name: logLevel,
            Settings.administrator.name: administratorCertificate,
            Settings.administratorID.name: administratorID,
            Settings.administratorName.name: administratorName,
            Settings.threads.name: threads,
            Settings.verificationThreads.name: verificationThreads,
            Settings.grace.name: grace,
            Settings.connections.name: connections,
            Settings.connectionsPerAddress.name: connectionsPerAddress,
            Settings.connectionRate.name: connectionRate,
            Settings.liveHistory.name: liveHistory,
            Settings.livePatience.name: livePatience,
            Settings.metrics.name: metrics,
            Settings.metricsExposed.name: metricsExposed,
        ]
        var values: [String: String] = [:]
        for (name, value) in given { values[name] = value }
        return values
    }
}
