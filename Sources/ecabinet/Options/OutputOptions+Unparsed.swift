import ArgumentParser
import CabinetTexts

extension OutputOptions {
    /// What a command line says of its output that could not be parsed.
    init(unparsed arguments: [String]) {
        self.init()
        json = arguments.contains("--json")
        language = Self.value(of: "--language", in: arguments).flatMap(Language.init(argument:))
        color =
            Self.value(of: "--color", in: arguments).flatMap(ColorChoice.init(argument:)) ?? .auto
    }

    private static func value(of option: String, in arguments: [String]) -> String? {
        if let joined = arguments.last(where: { $0.hasPrefix("\(option)=") }) {
            return String(joined.dropFirst(option.count + 1))
        }
        guard let place = arguments.lastIndex(of: option) else { return nil }
        return arguments.dropFirst(place + 1).first
    }
}
