import CommandSupport

/// How the program ends: a code for scripts, which is that of sysexits.h where it has one.
enum ExitStatus: Int32, CaseIterable, Sendable {
    case success = 0
    case internalError = 1
    case refused = 2
    case notConfirmed = 3
    case usage = 64
    case badData = 65
    case noInput = 66
    case unavailable = 69
    case cannotWrite = 74
    case notPermitted = 77
    case configuration = 78
    case interrupted = 130
    case outputClosed = 141

    var meaning: String {
        switch self {
        case .success: "it is done"
        case .internalError: "something that must not happen has happened"
        case .refused:
            "it was refused, by the server or by what this profile has kept; the reason says why"
        case .notConfirmed: "the answer to the question was no; nothing was done"
        case .usage: "the command line is wrong"
        case .badData:
            "data is not well formed, or does not verify"
        case .noInput: "a file cannot be read"
        case .unavailable: "the server cannot be reached, or did not answer in time"
        case .cannotWrite: "a file or the output cannot be written"
        case .notPermitted: "a certificate is not accepted, or the caller may not do this"
        case .configuration: "a profile, or what it names, cannot be used"
        case .interrupted: "it was interrupted"
        case .outputClosed: "whoever read the output has stopped"
        }
    }

    /// For `--help`.
    static var documentation: String {
        ExitCodes.documentation(allCases.map { ($0.rawValue, $0.meaning) })
    }
}
