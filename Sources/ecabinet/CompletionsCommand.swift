import ArgumentParser

/// `ecabinet completions`.
struct CompletionsCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions",
        abstract: "Prints a script with which a shell completes commands and options.",
        discussion: """
            For bash:  ecabinet completions bash > ~/.local/share/bash-completion/completions/ecabinet
            For zsh:   ecabinet completions zsh > a folder of $fpath, as _ecabinet
            For fish:  ecabinet completions fish > ~/.config/fish/completions/ecabinet.fish
            """
    )

    enum Shell: String, CaseIterable, ExpressibleByArgument, Sendable {
        case bash
        case zsh
        case fish

        fileprivate var shell: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }
    }

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        try console.write(lines: [EcabinetCommand.completionScript(for: shell.shell)])
    }
}
