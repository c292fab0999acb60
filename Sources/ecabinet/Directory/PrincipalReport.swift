import CabinetAPI
import CabinetPKI

/// A principal, as it is printed.
struct PrincipalReport: Report {
    let principal: Principal

    var json: JSONValue { principal.json }

    func lines(_ style: Style, _ language: Language) -> [String] {
        var facts = FactList()
        facts.add("principal", principal.principalID, .bold)
        facts.add("name", principal.displayName)
        facts.add("office", principal.office.isEmpty ? nil : principal.office)
        facts.add("roles", principal.roleNames)
        facts.add(
            "state",
            principal.suspended ? "suspended" : "active",
            principal.suspended ? .red : .green
        )
        facts.add("revision", String(principal.revision))
        guard !principal.certificates.isEmpty else {
            facts.add("certificates", "none")
            return facts.lines(style)
        }
        var table = Table([
            .init("USE"), .init("DEVICE"), .init("STATE"), .init("VALID UNTIL"), .init("KEY"),
        ])
        for certificate in principal.certificates { table.add(certificate.row) }
        return facts.lines(style) + [""] + table.lines(style)
    }
}

/// Principals, as they are printed.
struct PrincipalListReport: Report {
    let principals: [Principal]

    var json: JSONValue { .object([.init("principals", .array(principals.map(\.json)))]) }

    func lines(_ style: Style, _ language: Language) -> [String] {
        guard !principals.isEmpty else { return ["there are none"] }
        var table = Table([
            .init("PRINCIPAL"), .init("NAME"), .init("OFFICE"), .init("ROLES"), .init("STATE"),
        ])
        for principal in principals {
            table.add([
                Table.Cell(principal.principalID, .bold), Table.Cell(principal.displayName),
                Table.Cell(principal.office), Table.Cell(principal.roleNames),
                principal.suspended ? Table.Cell("suspended", .red) : Table.Cell("active", .green),
            ])
        }
        return table.lines(style)
    }
}

/// A certificate that was added or revoked, as it is printed.
struct PrincipalCertificateReport: Report {
    let principal: String
    let certificate: Certificate

    var json: JSONValue {
        .object([.init("principal_id", .string(principal)), .init("certificate", certificate.json)])
    }

    func lines(_ style: Style, _ language: Language) -> [String] {
        var facts = FactList()
        facts.add("principal", principal, .bold)
        facts.add("use", certificate.use.name)
        facts.add("device", certificate.deviceKind.name?.replacing("_", with: " "))
        facts.add("subject", CertificateSummary(der: certificate.der)?.subject)
        facts.add("state", certificate.revokedUnixMs == 0 ? "accepted" : "revoked")
        facts.add("valid until", Times.here.local(unixMilliseconds: certificate.notAfterUnixMs))
        facts.add("key", Hexadecimal.text(certificate.fingerprint))
        return facts.lines(style)
    }
}

extension Principal {
    fileprivate var roleNames: String { roles.compactMap(\.name).joined(separator: ", ") }

    fileprivate var json: JSONValue {
        .object([
            .init("principal_id", .string(principalID)),
            .init("display_name", .string(displayName)),
            .init("office", .string(office)),
            .init("roles", .array(roles.compactMap { $0.name.map { .string($0.uppercased()) } })),
            .init("suspended", .bool(suspended)),
            .init("revision", .unsigned(revision)),
            .init("certificates", .array(certificates.map(\.json))),
        ])
    }
}

extension Certificate {
    fileprivate var row: [Table.Cell] {
        [
            Table.Cell(use.name),
            Table.Cell(deviceKind.name?.replacing("_", with: " ") ?? "–"),
            revokedUnixMs == 0 ? Table.Cell("accepted", .green) : Table.Cell("revoked", .red),
            Table.Cell(Times.here.local(unixMilliseconds: notAfterUnixMs)),
            Table.Cell(Hexadecimal.text(fingerprint)),
        ]
    }

    fileprivate var json: JSONValue {
        .object([
            .init("fingerprint", .string(Hexadecimal.text(fingerprint))),
            .init("use", .string(use.name.uppercased())),
            .init("device_kind", .optional(deviceKind.name?.uppercased())),
            .init("subject", .optional(CertificateSummary(der: der)?.subject)),
            .init("not_before", Times.here.json(unixMilliseconds: notBeforeUnixMs)),
            .init("not_after", Times.here.json(unixMilliseconds: notAfterUnixMs)),
            .init("revoked", Times.here.json(unixMilliseconds: revokedUnixMs)),
        ])
    }
}
