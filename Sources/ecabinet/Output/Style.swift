/// Colours and weights, where there is a terminal for them.
struct Style: Sendable {
    enum Ink: String, Sendable {
        case bold = "1"
        case dim = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
        case cyan = "36"
    }

    let isColoured: Bool

    static let plain = Style(isColoured: false)

    func paint(_ text: String, _ inks: Ink...) -> String {
        guard isColoured, !inks.isEmpty, !text.isEmpty else { return text }
        return "\u{1b}[\(inks.map(\.rawValue).joined(separator: ";"))m\(text)\u{1b}[0m"
    }
}
