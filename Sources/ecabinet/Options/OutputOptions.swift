import ArgumentParser
import Foundation

/// How a command prints. Every command has these.
struct OutputOptions: ParsableArguments, Sendable {
    @Flag(help: "Print JSON, for scripts.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "The language for people: vi or en. Otherwise that of the locale.",
            valueName: "language"
        )
    )
    var language: Language?

    @Option(
        help: ArgumentHelp(
            "Colours: auto, always or never. NO_COLOR switches auto off.",
            valueName: "when"
        )
    )
    var color = ColorChoice.auto
}

/// When there are colours.
enum ColorChoice: String, CaseIterable, ExpressibleByArgument, Sendable {
    case auto
    case always
    case never

    func style(of descriptor: Int32, _ environment: [String: String]) -> Style {
        switch self {
        case .always: Style(isColoured: true)
        case .never: .plain
        case .auto:
            Style(
                // https://no-color.org: whatever it is set to, unless it is empty.
                isColoured: (environment["NO_COLOR"] ?? "").isEmpty
                    && environment["TERM"] != "dumb" && isatty(descriptor) == 1
            )
        }
    }
}
