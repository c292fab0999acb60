import ArgumentParser
import CommandSupport

/// Why the server ends without success: a message that says what to do, and a code for scripts.
struct ServerFailure: Error {
    /// The exit codes, which are those of sysexits.h where it has one.
    enum Code: Int32, CaseIterable {
        case wrongFile = 66
        case unavailable = 69
        case internalError = 70
        case system = 71
        case store = 74
        case busy = 75
        case configuration = 78

        var meaning: String {
            switch self {
            case .wrongFile: "a certificate, key or list cannot be used"
            case .unavailable: "the address cannot be listened on"
            case .internalError: "something that must not happen has happened; see the log"
            case .system:
                "the system allows fewer file descriptors than are needed, or its clock is wrong"
            case .store: "the data folder cannot be read or written; nothing was acknowledged since"
            case .busy: "another process has the data folder"
            case .configuration: "the configuration is wrong"
            }
        }
    }

    let code: Code
    let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// For `--help`.
    static var documentation: String {
        ExitCodes.documentation(
            [
                (
                    0,
                    "it was told to stop, and all that it had acknowledged is stored; or it did the one "
                        + "thing that it was called for"
                )
            ]
                + Code.allCases.map { ($0.rawValue, $0.meaning) }
                + [(64, "the command line is wrong")]
        )
    }
}
