import Foundation

/// Looks for settings that there are not: a mistyped one would otherwise be left out without a word.
enum UnknownKeys {
    /// Variables of `ecabinet`, which administrators have in their shells.
    private static let variablesOfClient: Set = [
        "ECABINET_CONFIG_HOME", "ECABINET_MEETING", "ECABINET_PROFILE",
    ]

    /// - Parameters:
    ///   - file: Path of a JSON file; `nil` for none.
    /// - Throws: ``ServerFailure`` where there is one, or the file is no JSON object.
    static func check(
        environment: [String: String],
        file: String?
    ) throws(ServerFailure) {
        let variables = Set(Settings.all.map(\.variable))
        let known = variables.union(variablesOfClient)
        let unknown = environment.keys.filter {
            $0.hasPrefix("ECABINET_") && !known.contains($0)
        }
        if let name = unknown.min() {
            throw ServerFailure(
                .configuration,
                "there is no setting for the environment variable \(name); the settings are "
                    + variables.sorted().joined(separator: ", ")
            )
        }
        guard let file else { return }
        let names = Set(Settings.all.map(\.name))
        for name in try keys(of: file) where !names.contains(name) {
            throw ServerFailure(
                .configuration,
                "\(file): there is no setting «\(name)»; the settings are "
                    + names.sorted().joined(separator: ", ")
            )
        }
    }

    private static func keys(of file: String) throws(ServerFailure) -> [String] {
        do {
            let data = try Data(contentsOf: URL(fileURLWithPath: file))
            guard let object = try JSONSerialization.jsonObject(with: data) as? [String: Any] else {
                throw ServerFailure(.configuration, "\(file) is no JSON object")
            }
            return keys(of: object, "").sorted()
        } catch let failure as ServerFailure {
            throw failure
        } catch {
            throw ServerFailure(
                .configuration,
                "the configuration file \(file) cannot be read: \(error.localizedDescription)"
            )
        }
    }

    private static func keys(of object: [String: Any], _ prefix: String) -> [String] {
        object.flatMap { name, value in
            if let inner = value as? [String: Any] {
                keys(of: inner, "\(prefix)\(name).")
            } else {
                [prefix + name]
            }
        }
    }
}
