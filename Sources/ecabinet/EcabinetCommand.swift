import ArgumentParser
import CabinetTexts
import CommandSupport
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

            With --json each command writes one JSON document to standard output, and what is wrong as \
            one to standard error; names are in snake_case and do not change, times are ISO 8601.

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
        guard !(error is ExitCode), exitCode(for: error) == .validationFailure,
            arguments.contains("--json")
        else { exit(withError: error) }
        let failure = Failure(.usage, "USAGE", Phrase(message(for: error)))
        Output.complain(failure.json(in: .english).text)
        Foundation.exit(ExitStatus.usage.rawValue)
    }
}
