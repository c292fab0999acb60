import CabinetPKI
import CommandSupport

/// Certificates of an authority, as they are printed.
struct CertificateReport: Report {
    /// Of the authority.
    let folder: String
    let entries: [CertificateRegister.Entry]
    /// Whether people are told where the files are.
    let listsFiles: Bool
    var nowUnixSeconds = WallClock.milliseconds() / 1_000

    var json: JSONValue {
        .object([.init("certificates", .array(entries.map(json(of:))))])
    }

    private func json(of entry: CertificateRegister.Entry) -> JSONValue {
        func time(_ unixSeconds: Int64) -> JSONValue {
            Times.here.json(unixMilliseconds: unixSeconds * 1_000)
        }
        return .object([
            .init("kind", .string(entry.kind.rawValue.uppercased())),
            .init("name", .string(entry.name)),
            .init("common_name", .string(entry.commonName)),
            .init("serial", .string(entry.serial.text)),
            .init("fingerprint", .string(entry.fingerprint)),
            .init("not_before", time(entry.validity.lowerBound)),
            .init("not_after", time(entry.validity.upperBound)),
            .init("state", .string(state(entry).name.uppercased())),
            .init("revoked", entry.revocation.map { time($0.unixSeconds) } ?? .null),
            .init("certificate_file", .string("\(folder)/\(entry.certificateFile)")),
            .init("key_file", .string("\(folder)/\(entry.keyFile)")),
        ])
    }

    private enum State: String {
        case valid
        case expired
        case revoked

        var name: String { rawValue }

        var ink: Style.Ink {
            switch self {
            case .valid: .green
            case .expired: .yellow
            case .revoked: .red
            }
        }
    }

    private func state(_ entry: CertificateRegister.Entry) -> State {
        if entry.revocation != nil { return .revoked }
        return entry.validity.upperBound < nowUnixSeconds ? .expired : .valid
    }

    func lines(_ style: Style, _ language: Language) -> [String] {
        guard !entries.isEmpty else { return ["there are none"] }
        let last = listsFiles ? "CERTIFICATE AND KEY" : "KEY FINGERPRINT"
        var table = Table([
            .init("KIND"), .init("NAME"), .init("STATE"), .init("VALID UNTIL"), .init(last),
        ])
        for entry in entries {
            let state = state(entry)
            table.add([
                Table.Cell(entry.kind.rawValue),
                Table.Cell(entry.name, .bold),
                Table.Cell(state.name, state.ink),
                Table.Cell(
                    Times.here.local(unixMilliseconds: entry.validity.upperBound * 1_000)
                ),
                Table.Cell(
                    listsFiles ? "\(folder)/\(entry.certificateFile), .key" : entry.fingerprint
                ),
            ])
        }
        return table.lines(style)
    }
}
