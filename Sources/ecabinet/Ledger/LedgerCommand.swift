import ArgumentParser

/// `ecabinet ledger`.
struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract:
            "Watches over the log of a meeting: what it has signed, and that it keeps what it had.",
        discussion: """
            Whoever takes part in a meeting, and every auditor, can get the log's checkpoints. Only an \
            auditor who takes no part in the meeting can export the log, as it says how everybody voted.

            The profile keeps what it has seen of each log: one that was rewritten is found out.
            """,
        subcommands: [
            LedgerCheckpointCommand.self, LedgerCompareCommand.self, LedgerExportCommand.self,
            LedgerMinutesCommand.self, LedgerAcceptRestorationCommand.self,
        ]
    )
}
