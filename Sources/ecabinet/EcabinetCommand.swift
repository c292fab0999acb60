import ArgumentParser
import Foundation

/// The program.
@main
struct EcabinetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ecabinet",
        abstract: "Takes part in the meetings of a governing body, and looks after their server.",
        discussion: """
            Where to connect and with what comes from a profile, which «ecabinet profile set» writes, \
            and from options, which go before it.

            With --json each command writes one JSON document to standard output; a command that goes on, \
            as watch, one on each line. On standard error each line is a JSON object: {"warning": …}, \
            {"log": …} with --verbose, and where the command fails {"error": …}, which is the last. Names \
            are in snake_case, values that are one of a set in upper case as the schema has them, without \
            its prefix (OPEN for POLL_STATE_OPEN). Neither changes. Times are ISO 8601.

            \(ExitStatus.documentation)
            """,
        groupedSubcommands: [
            CommandGroup(
                name: "Connection",
                subcommands: [ProfileCommand.self, PingCommand.self, CallCommand.self]
            ),
            CommandGroup(
                name: "Administration",
                subcommands: [DirectoryCommand.self, PKICommand.self]
            ),
            CommandGroup(
                name: "Meetings",
                subcommands: [
                    MeetingCommand.self, AgendaCommand.self, AttendCommand.self, PollCommand.self,
                    VoteCommand.self, WatchCommand.self,
                ]
            ),
            CommandGroup(
                name: "Proofs",
                subcommands: [ReceiptCommand.self, LedgerCommand.self, VerifyCommand.self]
            ),
            CommandGroup(name: "Shell", subcommands: [CompletionsCommand.self]),
        ]
    )

    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            var command = try await asyncParseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            end(error, arguments)
        }
    }

    /// Ends the program as an error says that is not a ``Failure``: those a command has reported itself.
    private static func end(_ error: any Error, _ arguments: [String]) -> Never {
        guard !(error is ExitCode), exitCode(for: error) == .validationFailure else {
            exit(withError: error)
        }
        let mistake = CommandLineMistake(message(for: error), fullMessage(for: error))
        Console(OutputOptions(unparsed: arguments)).complain(mistake.failure)
        Foundation.exit(ExitStatus.usage.rawValue)
    }
}
