import CommandSupport

/// Where somebody connects to and with what. Paths are absolute.
struct Profile: Hashable, Sendable {
    var server: HostAndPort?
    var certificate: String?
    var key: String?
    var authorities: String?
    var revocationLists: String?
    /// The path of a file, or the key itself.
    var logKey: String?
    var signingKey: String?
    var signingCertificate: String?
    var member: String?

    /// This profile with the values of another, where that has them.
    func overridden(by other: Profile) -> Profile {
        Profile(
            server: other.server ?? server,
            certificate: other.certificate ?? certificate,
            key: other.key ?? key,
            authorities: other.authorities ?? authorities,
            revocationLists: other.revocationLists ?? revocationLists,
            logKey: other.logKey ?? logKey,
            signingKey: other.signingKey ?? signingKey,
            signingCertificate: other.signingCertificate ?? signingCertificate,
            member: other.member ?? member
        )
    }
}

// MARK: - As a file

extension Profile {
    /// The names in the file, and the values.
    private static var texts: [(name: String, path: WritableKeyPath<Profile, String?>)] {
        [
            ("certificate", \.certificate),
            ("key", \.key),
            ("authorities", \.authorities),
            ("revocation_lists", \.revocationLists),
            ("log_key", \.logKey),
            ("signing_key", \.signingKey),
            ("signing_certificate", \.signingCertificate),
            ("member", \.member),
        ]
    }

    /// What there is, under its names.
    var members: [JSONValue.Member] {
        let server = server.map { JSONValue.Member("server", .string("\($0)")) }
        return (server.map { [$0] } ?? [])
            + Self.texts.compactMap { text in
                self[keyPath: text.path].map { JSONValue.Member(text.name, .string($0)) }
            }
    }

    /// - Throws: ``ProfileFormatError`` where the value is no profile.
    init(_ json: JSONValue) throws(ProfileFormatError) {
        guard case .object(let members) = json else {
            throw ProfileFormatError(explanation: "it is not a JSON object")
        }
        self.init()
        for member in members {
            guard case .string(let value) = member.value else {
                throw ProfileFormatError(explanation: "«\(member.name)» is not a text")
            }
            if member.name == "server" {
                guard let address = HostAndPort(argument: value) else {
                    throw ProfileFormatError(
                        explanation: "«server» is no address with a port, as 127.0.0.1:7443"
                    )
                }
                server = address
            } else if let text = Self.texts.first(where: { $0.name == member.name }) {
                self[keyPath: text.path] = value
            } else {
                throw ProfileFormatError(
                    explanation: "it has «\(member.name)», which means nothing"
                )
            }
        }
    }
}

/// A file that is no profile.
struct ProfileFormatError: Error, Hashable, Sendable {
    let explanation: String
}
