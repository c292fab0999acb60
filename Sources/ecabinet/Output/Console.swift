import CabinetTexts
import Foundation

/// Where a command prints: results to standard output, everything else to standard error.
struct Console: Sendable {
    /// Whether results and failures are JSON.
    let isJSON: Bool
    let language: Language
    /// Of standard output.
    let style: Style
    /// Of standard error.
    let errorStyle: Style

    init(
        _ options: OutputOptions,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        isJSON = options.json
        language = options.language ?? Language(environment: environment)
        style = options.color.style(of: STDOUT_FILENO, environment)
        errorStyle = options.color.style(of: STDERR_FILENO, environment)
    }

    // MARK: - Results

    /// Prints what the command has found: lines for people, or one JSON document.
    func show(_ report: some Report) throws {
        if isJSON {
            try write(report.json.text + "\n", to: .standardOutput)
        } else {
            try write(lines: report.lines(style, language))
        }
    }

    /// Prints a JSON document, whether JSON was asked for or not.
    func show(json: JSONValue) throws {
        try write(json.text + "\n", to: .standardOutput)
    }

    /// Prints lines for people alone: with `--json` nothing is printed.
    func say(_ lines: String...) throws {
        if !isJSON { try write(lines: lines) }
    }

    /// Prints lines to standard output as they are.
    func write(lines: [String]) throws {
        try write(lines.map { $0 + "\n" }.joined(), to: .standardOutput)
    }

    // MARK: - Beside the results

    /// Says something to the person at the terminal that is no result. With `--json` it says nothing.
    func note(_ phrase: Phrase) {
        guard !isJSON else { return }
        for line in phrase.text(in: language).sanitizedLines {
            try? write(errorStyle.paint(line, .dim) + "\n", to: .standardError)
        }
    }

    /// Warns of something. With `--json` it is an object on a line.
    func warn(_ warning: Warning) {
        if isJSON { return complain(warning.json(in: language)) }
        let title = Phrase("warning", vi: "cảnh báo").text(in: language)
        complain(title, .yellow, warning.phrase, "")
    }

    /// Prints what the connection does. With `--json` it is an object on a line.
    func log(_ line: LogLine) {
        if isJSON { return complain(line.json) }
        try? write(line.text.sanitized + "\n", to: .standardError)
    }

    /// Reports a failure: what happened, why, and what to do next. With `--json` it is an object on a line.
    func complain(_ failure: Failure) {
        if isJSON { return complain(failure.json(in: language)) }
        let titles = (
            Phrase("error", vi: "lỗi"), Phrase("why", vi: "vì sao"), Phrase("next", vi: "nên làm")
        )
        complain("ecabinet: " + titles.0.text(in: language), .red, failure.happened, "")
        if let cause = failure.cause {
            complain(titles.1.text(in: language), .dim, cause, "  ")
        }
        if let advice = failure.advice {
            complain(titles.2.text(in: language), .cyan, advice, "  ")
        }
    }

    private func complain(_ json: JSONValue) {
        try? write(json.compactText + "\n", to: .standardError)
    }

    private func complain(_ title: String, _ ink: Style.Ink, _ phrase: Phrase, _ indent: String) {
        let lines = phrase.text(in: language).sanitizedLines
        let text =
            indent + errorStyle.paint("\(title):", ink) + " " + (lines.first ?? "") + "\n"
            + lines.dropFirst().map { "\(indent)  \($0)\n" }.joined()
        try? write(text, to: .standardError)
    }

    private func write(_ text: String, to file: FileHandle) throws {
        do {
            try file.write(contentsOf: Data(text.utf8))
        } catch {
            if SystemError.code(of: error) == EPIPE { throw OutputClosed() }
            throw Failure(
                .cannotWrite,
                "OUTPUT",
                Phrase("the output cannot be written", vi: "không ghi được kết quả"),
                because: SystemError.phrase(error),
                advice: Phrase(
                    "is the disk full that it goes to?",
                    vi: "ổ đĩa nhận kết quả có còn chỗ không?"
                )
            )
        }
    }
}

/// Whoever read standard output has stopped, as `head` does: there is nobody to tell anything.
struct OutputClosed: Error {}

/// What a command has found.
protocol Report {
    /// With stable names in snake_case, and times in ISO 8601.
    var json: JSONValue { get }
    /// For people.
    func lines(_ style: Style, _ language: Language) -> [String]
}
