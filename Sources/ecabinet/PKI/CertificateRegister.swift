import CabinetPKI

/// What an authority has issued, and what of it is revoked.
struct CertificateRegister: Hashable, Sendable {
    /// What a certificate is for.
    enum Kind: String, CaseIterable, Sendable {
        case server
        case device
        case member

        var folder: String { "\(rawValue)s" }

        /// - Parameter hosts: Of a server.
        func purpose(_ hosts: [HostName]) -> CertificatePurpose {
            switch self {
            case .server: .server(hosts)
            case .device: .device
            case .member: .signing
            }
        }
    }

    struct Entry: Hashable, Sendable {
        let kind: Kind
        let name: String
        let commonName: String
        let serial: SerialNumber
        /// Of the key, as the directory has it: 64 hexadecimal digits.
        let fingerprint: String
        /// Seconds since 1970-01-01T00:00:00Z.
        let validity: ClosedRange<Int64>
        var revocation: Revocation?

        /// In the folder of the authority.
        var certificateFile: String { "\(kind.folder)/\(name).pem" }
        /// In the folder of the authority.
        var keyFile: String { "\(kind.folder)/\(name).key" }
    }

    private(set) var entries: [Entry] = []
    /// Of the newest revocation list.
    var listNumber: UInt64 = 0

    init() {}

    mutating func add(_ entry: Entry) {
        entries.append(entry)
    }

    /// - Returns: Those that were not revoked before.
    mutating func revoke(
        _ kind: Kind,
        _ name: String,
        at unixSeconds: Int64,
        _ reason: Revocation.Reason
    ) -> [Entry] {
        var revoked: [Entry] = []
        for index in entries.indices
        where entries[index].kind == kind && entries[index].name == name
            && entries[index].revocation == nil
        {
            entries[index].revocation = Revocation(
                entries[index].serial,
                at: unixSeconds,
                reason
            )
            revoked.append(entries[index])
        }
        return revoked
    }

    var revocations: [Revocation] { entries.compactMap(\.revocation) }
}

// MARK: - As a file

extension CertificateRegister {
    private static let version: Int64 = 1

    var json: JSONValue {
        .object([
            .init("version", .integer(Self.version)),
            .init("list_number", .unsigned(listNumber)),
            .init("certificates", .array(entries.map(\.json))),
        ])
    }

    /// - Throws: ``Failure`` where the bytes are no register.
    init(_ bytes: [UInt8], path: String) throws(Failure) {
        do {
            let json = try JSONParser.value(of: bytes)
            guard json["version"] == .integer(Self.version),
                case .integer(let number)? = json["list_number"], number >= 0,
                case .array(let certificates)? = json["certificates"]
            else { throw CertificateRegisterError(explanation: "it is no register of version 1") }
            listNumber = UInt64(number)
            entries = try certificates.map { try Entry($0) }
        } catch {
            throw Failure(
                .badData,
                "REGISTER_DAMAGED",
                Phrase(untranslated: "\(path) cannot be used"),
                because: Phrase(untranslated: "\(error)"),
                advice: Phrase(untranslated: "make another authority in a new folder")
            )
        }
    }
}

/// A file that is no register of certificates.
struct CertificateRegisterError: Error, CustomStringConvertible {
    let explanation: String
    var description: String { explanation }
}

extension CertificateRegister.Entry {
    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("kind", .string(kind.rawValue)),
            .init("name", .string(name)),
            .init("common_name", .string(commonName)),
            .init("serial", .string(serial.text)),
            .init("fingerprint", .string(fingerprint)),
            .init("not_before_unix_s", .integer(validity.lowerBound)),
            .init("not_after_unix_s", .integer(validity.upperBound)),
        ]
        if let revocation {
            members += [
                .init("revoked_unix_s", .integer(revocation.unixSeconds)),
                .init("revocation_reason", .integer(Int64(revocation.reason.rawValue))),
            ]
        }
        return .object(members)
    }

    init(_ json: JSONValue) throws {
        func text(_ name: String) throws -> String {
            guard case .string(let text)? = json[name] else {
                throw CertificateRegisterError(explanation: "a certificate has no «\(name)»")
            }
            return text
        }
        func number(_ name: String) throws -> Int64 {
            guard case .integer(let number)? = json[name] else {
                throw CertificateRegisterError(explanation: "a certificate has no «\(name)»")
            }
            return number
        }
        guard let kind = CertificateRegister.Kind(rawValue: try text("kind")),
            let serial = SerialNumber(try text("serial")),
            try number("not_before_unix_s") <= number("not_after_unix_s")
        else {
            throw CertificateRegisterError(
                explanation: "a certificate has no kind, serial number or validity"
            )
        }
        self.init(
            kind: kind,
            name: try text("name"),
            commonName: try text("common_name"),
            serial: serial,
            fingerprint: try text("fingerprint"),
            validity: try number("not_before_unix_s")...number("not_after_unix_s")
        )
        guard json["revoked_unix_s"] != nil else { return }
        guard
            let reason = UInt8(exactly: try number("revocation_reason"))
                .flatMap(Revocation.Reason.init(rawValue:))
        else {
            throw CertificateRegisterError(explanation: "a revocation has no reason that is known")
        }
        revocation = Revocation(serial, at: try number("revoked_unix_s"), reason)
    }
}
