import ArgumentParser
import CabinetAPI

/// A role on the command line: `member`, `chair`, ….
struct RoleArgument: ExpressibleByArgument, Hashable, Sendable {
    let role: Role

    init?(argument: String) {
        guard let role = Role.allCases.first(where: { $0.name == argument }) else { return nil }
        self.role = role
    }

    static var allValueStrings: [String] {
        Role.allCases.filter { $0 != .unspecified }.compactMap(\.name)
    }
}

extension Role {
    /// In snake_case; `nil` for what is not stated or not known.
    var name: String? {
        switch self {
        case .member: "member"
        case .chair: "chair"
        case .secretary: "secretary"
        case .guest: "guest"
        case .display: "display"
        case .auditor: "auditor"
        case .administrator: "administrator"
        case .unspecified, .unrecognized: nil
        }
    }
}

/// A kind of device on the command line: `tablet`, `seat-tablet`, ….
struct DeviceArgument: ExpressibleByArgument, Hashable, Sendable {
    let kind: DeviceKind

    init?(argument: String) {
        guard
            let kind = DeviceKind.allCases.first(where: {
                $0.name?.replacing("_", with: "-") == argument
            })
        else { return nil }
        self.kind = kind
    }

    static var allValueStrings: [String] {
        DeviceKind.allCases.compactMap { $0.name?.replacing("_", with: "-") }
    }
}

extension DeviceKind {
    /// In snake_case; `nil` for what is not stated or not known.
    var name: String? {
        switch self {
        case .seatTablet: "seat_tablet"
        case .tablet: "tablet"
        case .phone: "phone"
        case .computer: "computer"
        case .wallBoard: "wall_board"
        case .unspecified, .unrecognized: nil
        }
    }
}

/// What a certificate is for, on the command line.
enum CertificateUseArgument: String, CaseIterable, ExpressibleByArgument, Sendable {
    case transport
    case signing
}

extension CertificateUse {
    /// In snake_case.
    var name: String {
        switch self {
        case .transport: "transport"
        case .signing: "signing"
        default: "unknown"
        }
    }
}
