/// What a terminal can show beside letters.
public enum TerminalStyle: Hashable, Sendable, CaseIterable {
    /// Nothing.
    case plain
    /// Weights and reversed letters, no colours.
    case monochrome
    /// The eight colours that every terminal has that has some.
    case colour

    /// Parameters of «Select Graphic Rendition» (ECMA-48, section 8.3.117) for a tone; `nil` for none.
    func parameters(_ tone: Tone) -> String? {
        switch self {
        case .plain: nil
        case .monochrome: monochrome(tone)
        case .colour: colour(tone)
        }
    }

    private func monochrome(_ tone: Tone) -> String? {
        switch tone {
        case .plain, .good, .warning: nil
        case .dim: "2"
        case .title, .alarm: "7"
        case .heading, .strong, .bad, .lit: "1"
        }
    }

    private func colour(_ tone: Tone) -> String? {
        switch tone {
        case .plain: nil
        case .title: "1;37;44"
        case .heading: "36"
        case .dim: "2"
        case .strong: "1"
        case .good: "32"
        case .bad: "31"
        case .warning: "33"
        case .lit: "1;36"
        case .alarm: "1;37;41"
        }
    }
}

extension BoardLine {
    /// The line as a terminal takes it.
    public func encoded(_ style: TerminalStyle) -> String {
        spans.map { span in
            guard let parameters = style.parameters(span.tone) else { return span.text }
            return "\u{1b}[\(parameters)m\(span.text)\u{1b}[0m"
        }.joined()
    }
}
