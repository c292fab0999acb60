/// Why the directory does not do what a command or a request asks for, with the values that its
/// reader needs.
///
/// Each case is the reason of the same name in common.proto, `Reason`, which explains it. A rejected
/// command changes nothing.
public enum DirectoryRejection: Error, Hashable, Sendable {
    /// A limit that a command would pass. Raw values name it in the attribute "limit".
    public enum Limit: String, Hashable, Sendable {
        case principals
        case certificates
        case signingCertificates = "signing_certificates"
    }

    case principalUnknown
    case roleRequired(roles: [Role])
    case fieldInvalid(field: String, rule: String)
    case principalNotFound(PrincipalID)
    /// The present revision; 0 where there is no such principal yet.
    case principalChanged(revision: UInt64)
    case certificateInvalid(rule: String)
    case certificateExists
    case certificateNotFound
    case limitReached(Limit, maximum: Int)
    case administratorRequired

    /// The stable reason.
    public var reason: DirectoryReason {
        switch self {
        case .principalUnknown: .principalUnknown
        case .roleRequired: .roleRequired
        case .fieldInvalid: .fieldInvalid
        case .principalNotFound: .principalNotFound
        case .principalChanged: .principalChanged
        case .certificateInvalid: .certificateInvalid
        case .certificateExists: .certificateExists
        case .certificateNotFound: .certificateNotFound
        case .limitReached: .limitReached
        case .administratorRequired: .administratorRequired
        }
    }

    /// The canonical code.
    public var code: CanonicalCode { reason.code }

    /// The attributes of the status detail, named as common.proto does.
    public var attributes: [String: String] {
        switch self {
        case .roleRequired(let roles):
            ["roles": roles.map(\.name).joined(separator: ",")]
        case .fieldInvalid(let field, let rule):
            ["field": field, "rule": rule]
        case .principalNotFound(let id):
            ["principal_id": id.text]
        case .principalChanged(let revision):
            ["revision": String(revision)]
        case .certificateInvalid(let rule):
            ["rule": rule]
        case .limitReached(let limit, let maximum):
            ["limit": limit.rawValue, "maximum": String(maximum)]
        case .principalUnknown, .certificateExists, .certificateNotFound, .administratorRequired:
            [:]
        }
    }
}

extension DirectoryRejection: CustomStringConvertible {
    public var description: String {
        let details = attributes.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }
        return "\(code.name) / \(reason.name)" + details.joined()
    }
}

/// The stable reasons of the directory, which are some of `cabinet.v1.Reason`.
public enum DirectoryReason: String, Hashable, Sendable, CaseIterable {
    case principalUnknown = "PRINCIPAL_UNKNOWN"
    case roleRequired = "ROLE_REQUIRED"
    case fieldInvalid = "FIELD_INVALID"
    case principalNotFound = "PRINCIPAL_NOT_FOUND"
    case principalChanged = "PRINCIPAL_CHANGED"
    case certificateInvalid = "CERTIFICATE_INVALID"
    case certificateExists = "CERTIFICATE_EXISTS"
    case certificateNotFound = "CERTIFICATE_NOT_FOUND"
    case limitReached = "LIMIT_REACHED"
    case administratorRequired = "ADMINISTRATOR_REQUIRED"

    /// As it travels in a status detail.
    public var name: String { rawValue }

    /// The code that goes with the reason (common.proto, `Reason`).
    public var code: CanonicalCode {
        switch self {
        case .principalUnknown: .unauthenticated
        case .roleRequired: .permissionDenied
        case .fieldInvalid, .certificateInvalid: .invalidArgument
        case .principalNotFound, .certificateNotFound: .notFound
        case .principalChanged: .aborted
        case .certificateExists: .alreadyExists
        case .limitReached: .resourceExhausted
        case .administratorRequired: .failedPrecondition
        }
    }
}
