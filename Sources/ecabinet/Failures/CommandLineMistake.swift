/// What is wrong with a command line, as the parser says it in English: it has no other way to tell.
///
/// What is not known here is said as the parser says it.
struct CommandLineMistake {
    /// The parser's message, its explanation of the argument where it has one, and its usage, as
    /// `fullMessage` has them: «Error: …», «Help:  …», «Usage: …», «  See '… --help' …».
    private let lines: [String]
    private let message: String

    /// - Parameters:
    ///   - message: What is wrong.
    ///   - fullMessage: The same with help and usage.
    init(_ message: String, _ fullMessage: String) {
        self.message = message
        lines = fullMessage.split(separator: "\n").map(String.init)
    }

    var failure: Failure {
        Failure(
            .usage,
            "USAGE",
            happened,
            because: explanation.map { Phrase($0, vi: "theo hướng dẫn: \($0)") },
            advice: Phrase(
                "«\(helpCommand)» says what can be given",
                vi: "«\(helpCommand)» cho biết cách dùng"
            )
        )
    }

    private var happened: Phrase {
        if let match = message.wholeMatch(of: /Unknown option '(.+?)'(?:\. Did you mean '(.+)'\?)?/)
        {
            let meant = match.2.map { (en: "; did you mean \($0)?", vi: "; có phải \($0) không?") }
            return Phrase(
                "there is no option \(match.1) here" + (meant?.en ?? ""),
                vi: "ở đây không có tùy chọn \(match.1)" + (meant?.vi ?? "")
            )
        }
        if let match = message.wholeMatch(of: /Missing expected argument '(.+)'/) {
            return Phrase("\(match.1) is missing", vi: "thiếu \(match.1)")
        }
        if let match = message.wholeMatch(of: /Missing value for '(.+)'/) {
            return Phrase("\(match.1) lacks its value", vi: "\(match.1) chưa có giá trị")
        }
        if let match = message.wholeMatch(of: /Unexpected argument '(.+)'/) {
            return Phrase("«\(match.1)» is not expected here", vi: "ở đây không dùng «\(match.1)»")
        }
        if let match = message.wholeMatch(of: /(\d+) unexpected arguments: (.+)/) {
            return Phrase("not expected here: \(match.2)", vi: "ở đây không dùng: \(match.2)")
        }
        if let match = message.wholeMatch(
            of: /The value '(.*)' is invalid for '(.+?)'(?:\. Please provide one of (.+))?/
                .dotMatchesNewlines()
        ) {
            let values = match.3.map(Self.values(in:))
            return Phrase(
                "«\(match.1)» is no value of \(match.2)"
                    + (values.map { ": it is one of \($0)" } ?? ""),
                vi: "«\(match.1)» không phải giá trị của \(match.2)"
                    + (values.map { ": phải là một trong \($0)" } ?? "")
            )
        }
        return Phrase(detail: message, vi: "dòng lệnh không đúng")
    }

    /// Values that there are, of «'a', 'b' or 'c'.» and of a list with one on each line.
    private static func values(in list: Substring) -> String {
        list.split { $0 == "\n" || $0 == "," || $0 == " " || $0 == "." }
            .filter { !["the", "following:", "-", "or", "and"].contains($0) }
            .map { $0.replacing("'", with: "") }
            .joined(separator: ", ")
    }

    /// What the argument is that is missing or wrong; `nil` where the parser does not say it.
    private var explanation: String? {
        lines.first { $0.hasPrefix("Help:") }
            .map { String($0.dropFirst("Help:".count).drop { $0 == " " }) }
    }

    private var helpCommand: String {
        let found = lines.last?.firstMatch(of: /See '(.+ --help)'/)
        return found.map { String($0.1) } ?? "ecabinet --help"
    }
}
