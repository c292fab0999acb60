import CabinetClient
import CabinetRPC
import CabinetTexts

extension ReplicaError: FailureConvertible {
    var failure: Failure {
        switch self {
        case .refused(let error): error.failure
        case .history(let error): error.failure
        case .cannotFollow(let fault):
            Failure(
                .internalError,
                "CANNOT_FOLLOW",
                Phrase(
                    "what the server sends cannot be followed",
                    vi: "không theo dõi được những gì máy chủ gửi"
                ),
                because: Phrase("\(fault)"),
                advice: Phrase(
                    "use a program and a server of the same version, and report it",
                    vi:
                        "hãy dùng chương trình và máy chủ cùng phiên bản, và báo cho bộ phận kỹ thuật"
                )
            )
        }
    }
}
