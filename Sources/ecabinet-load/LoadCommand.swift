import ArgumentParser

/// The program.
@main
struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ecabinet-load",
        abstract: "Loads a server of CWP/1, and serves what can be loaded.",
        discussion: """
            A trial on one machine, with certificates made for it:

              ecabinet-load echo-server --listen 127.0.0.1:7443 --pki /tmp/trial
              ecabinet-load echo --target 127.0.0.1:7443 --pki /tmp/trial --json

            \(Failure.documentation)
            """,
        subcommands: [
            MeetingCommand.self, VoteCommand.self, WatchCommand.self, StormCommand.self,
            AgentCommand.self, SaturateCommand.self, StalledCommand.self, ComebackCommand.self,
            StageCommand.self, EchoCommand.self,
            EchoServerCommand.self, CrashTestCommand.self,
        ]
    )
}
