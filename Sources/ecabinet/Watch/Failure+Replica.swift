import CabinetClient
import CabinetClientTexts
import CabinetRPC

extension ReplicaError: FailureConvertible {
    var failure: Failure {
        switch self {
        case .refused(let error): error.failure
        case .history(let error): error.failure
        case .cannotFollow: Failure(.internalError, "CANNOT_FOLLOW") { advice(in: $0) }
        }
    }
}
