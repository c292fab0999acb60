import ArgumentParser
import CabinetRPC
import CabinetTexts
import CommandSupport

/// Why the program ends without success: a message that says what to do, and a code for scripts.
struct Failure: Error {
    /// The exit codes, which are those of sysexits.h where it has one.
    enum Code: Int32, CaseIterable {
        case requestsFailed = 1
        case wrongFile = 66
        case unavailable = 69
        case tooFewDescriptors = 71
        case tooSlow = 75
        case refused = 77

        var meaning: String {
            switch self {
            case .requestsFailed: "it ran, and something failed, was found, or was not good enough"
            case .wrongFile: "a file or folder cannot be used"
            case .unavailable: "the address cannot be reached, or not be listened on"
            case .tooFewDescriptors: "the system allows fewer file descriptors than are needed"
            case .tooSlow: "this machine could not make the load, so that the figures mean nothing"
            case .refused: "one side does not accept the other's certificate"
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
            [(0, "all went well")] + Code.allCases.map { ($0.rawValue, $0.meaning) }
                + [(64, "the command line is wrong")]
        )
    }

    /// Runs a command's work, and ends the program as its failure says.
    static func reporting(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let failure as Failure {
            throw end(failure)
        } catch let error as TooFewDescriptors {
            throw end(Failure(.tooFewDescriptors, "\(error)"))
        }
    }

    private static func end(_ failure: Failure) -> ExitCode {
        // It may have in it what a server or an agent has said.
        Output.complain("ecabinet-load: \(failure.message.sanitizedLines.joined(separator: "\n"))")
        return ExitCode(failure.code.rawValue)
    }
}

extension Failure: CustomStringConvertible {
    var description: String { message }
}

extension Failure {
    /// Says why the first of the connections that failed could not be made.
    ///
    /// - Parameter count: The connections that were made.
    init(cannotConnect error: RPCError, after count: Int = 0) {
        let isRefusal = error.details.contains {
            $0.domain == "cabinet.rpc" && $0.reason.hasPrefix("TLS_")
        }
        var message = error.message
        if count > 0 {
            message +=
                "\n\(count) connections were made before. A server limits how many come from one"
                + " address, and how fast: echo-server has options for that"
        }
        self.init(isRefusal ? .refused : .unavailable, message)
    }
}
