import ArgumentParser

/// A command that prints to a console, reports its failures there, and can be interrupted.
protocol ConsoleCommand: AsyncParsableCommand, Sendable {
    var output: OutputOptions { get }

    /// Does what the command is for. Its task is cancelled at Ctrl-C.
    func run(on console: Console) async throws
}

extension ConsoleCommand {
    func run() async throws {
        let console = Console(output)
        do {
            try await Interruption.heeding { try await run(on: console) }
        } catch {
            throw console.ends(with: error)
        }
    }
}

extension Console {
    /// Reports an error, and says how the program ends.
    fileprivate func ends(with error: any Error) -> any Error {
        switch error {
        // These are for the parser of the command line, which prints them itself.
        case is ExitCode, is CleanExit, is ValidationError: return error
        case is OutputClosed: return ExitCode(ExitStatus.outputClosed.rawValue)
        default:
            let failure = Failure(reporting: error)
            complain(failure)
            return ExitCode(failure.status.rawValue)
        }
    }
}
