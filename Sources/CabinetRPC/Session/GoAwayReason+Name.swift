extension GoAwayReason {
    /// The reason as CWP/1 writes it, for example `CONTROL_FLOOD`.
    public var canonicalName: String {
        switch self {
        case .unspecified: "UNSPECIFIED"
        case .drain: "DRAIN"
        case .idle: "IDLE"
        case .revoked: "REVOKED"
        case .protocolError: "PROTOCOL_ERROR"
        case .version: "VERSION"
        case .tooLarge: "TOO_LARGE"
        case .limitExceeded: "LIMIT_EXCEEDED"
        case .controlFlood: "CONTROL_FLOOD"
        case .stalled: "STALLED"
        case .timeout: "TIMEOUT"
        case .internal: "INTERNAL"
        case .unrecognized(let number): "REASON_\(number)"
        }
    }
}
