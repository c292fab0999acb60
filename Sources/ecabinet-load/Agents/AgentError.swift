import CabinetRPC

/// Why an agent takes no part, or no further part, in a rehearsal.
enum AgentError: String {
    static let domain = "load.v1"

    case notCoordinator = "NOT_COORDINATOR"
    case busy = "AGENT_BUSY"
    case invalidOrder = "INVALID_ORDER"
    case failed = "AGENT_FAILED"

    private var code: Code {
        switch self {
        case .notCoordinator: .permissionDenied
        case .busy: .resourceExhausted
        case .invalidOrder: .invalidArgument
        case .failed: .failedPrecondition
        }
    }

    func error(_ message: String) -> RPCError {
        RPCError(code, message, details: [StatusDetail(reason: rawValue, domain: Self.domain)])
    }
}
