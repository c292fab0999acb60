import CommandSupport
import Foundation

/// The numbered steps in the README of minutes: what an outsider does to verify them with common tools.
struct ReadmeSteps: Sendable {
    private struct Step {
        /// «1. The files are those that were written.»
        let title: String
        let commands: String
    }

    /// What goes before the number of a step, when it has passed.
    private static let mark = "== passed "

    private let steps: [Step]

    /// - Throws: ``DemoFailure`` where there are no steps in it.
    init(of path: String) throws {
        let parts = try String(contentsOfFile: path, encoding: .utf8)
            .components(separatedBy: "\n\n")
        var steps: [Step] = []
        var title: String?
        var block: [String]?
        for part in parts {
            if part.hasPrefix("```sh\n") { block = [] }
            block?.append(part)
            if let lines = block, part.hasSuffix("\n```") {
                let text = lines.joined(separator: "\n\n").dropFirst(6).dropLast(4)
                if let title { steps.append(Step(title: title, commands: String(text))) }
                (title, block) = (nil, nil)
            } else if block == nil {
                title = part.first?.isNumber == true ? part : nil
            }
        }
        guard steps.count >= 5 else {
            throw DemoFailure(
                vi: "README.md của biên bản không có các bước kiểm tra",
                en: "the README.md of the minutes has no steps"
            )
        }
        self.steps = steps
    }

    /// All steps, one after the other in one shell, which ends with the first that fails.
    ///
    /// - Parameter key: The operator's.
    func script(in folder: String, key: String) -> String {
        let steps = steps.enumerated().map { number, step in
            step.commands + "\necho '\(Self.mark)\(number)'\n"
        }
        return "set -eo pipefail\ncd \(folder.shellWord)\nKEY=\(key.shellWord)\n" + steps.joined()
    }

    /// What is told of what the shell has said: each step, and what the last one has counted.
    ///
    /// - Throws: ``DemoFailure`` where a step is missing.
    func passed(_ output: [String]) throws(DemoFailure) -> [String] {
        let marks = output.filter { $0.hasPrefix(Self.mark) }
        guard marks == steps.indices.map({ "\(Self.mark)\($0)" }) else {
            throw DemoFailure(
                vi: "chưa chạy hết các bước:\n\(output.joined(separator: "\n"))",
                en: "not all steps were done:\n\(output.joined(separator: "\n"))"
            )
        }
        let last = output.dropLast().reversed().prefix { !$0.hasPrefix(Self.mark) }
        return steps.map { "ok: " + Self.sentence($0.title) } + last.reversed().map { "  " + $0 }
    }

    /// The first sentence behind the number.
    private static func sentence(_ title: String) -> String {
        let text = title.split(separator: "\n").joined(separator: " ")
        let parts = text.components(separatedBy: ". ")
        guard parts.count > 2 else { return text }
        return parts.prefix(2).joined(separator: ". ") + "."
    }
}
