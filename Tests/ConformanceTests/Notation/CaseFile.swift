/// What a case file holds.
struct CaseFile: Sendable {
    var definitions: [String: [Token]] = [:]
    var cases: [ConformanceCase] = []
    var elsewhere: [ShownElsewhere] = []

    /// - Parameters:
    ///   - name: The name of the file, for errors.
    ///   - definitions: Those of the file `definitions`.
    init(
        _ text: String,
        name: String,
        definitions: [String: [Token]] = [:]
    ) throws(CaseFileError) {
        self.definitions = definitions
        var number = 0
        var joined = ""
        var first = 1
        // By scalars: "\r\n" is one Character.
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            number += 1
            if joined.isEmpty { first = number }
            if line.hasSuffix("\\") {
                joined += line.dropLast() + " "
                continue
            }
            joined += line
            do throws(NotationError) {
                try take(joined, name, first)
            } catch {
                throw CaseFileError(file: name, line: first, explanation: error.explanation)
            }
            joined = ""
        }
        guard joined.isEmpty else {
            throw CaseFileError(file: name, line: first, explanation: "the last line goes on")
        }
        for each in cases { try each.check() }
    }

    private mutating func take(
        _ line: String,
        _ name: String,
        _ number: Int
    ) throws(NotationError) {
        let words = line.split { $0.isWhitespace }
        switch words.first {
        case nil: return
        case "case":
            let title = words.dropFirst().joined(separator: " ")
            guard !title.isEmpty else { throw NotationError("the case has no title") }
            cases.append(ConformanceCase(file: name, line: number, title: title))
        case "elsewhere":
            guard words.count > 3 else {
                throw NotationError("elsewhere has a rule, a test and a reason")
            }
            elsewhere.append(
                ShownElsewhere(
                    file: name,
                    line: number,
                    rule: String(words[1]),
                    test: String(words[2]),
                    reason: words[3...].joined(separator: " ")
                )
            )
        case "define":
            var tokens = try expanded(line)
            guard tokens.count > 1, case .word(let name) = tokens[1], !name.hasPrefix("$"),
                definitions[name] == nil
            else { throw NotationError("define has a name that is new, without '$'") }
            tokens.removeFirst(2)
            definitions[name] = tokens
        default:
            let tokens = try expanded(line)
            guard !tokens.isEmpty else { return }
            guard !cases.isEmpty else { throw NotationError("this stands before the first case") }
            var reader = TokenReader(tokens)
            try cases[cases.count - 1].take(
                &reader,
                line: number,
                text: line.drop { $0.isWhitespace }.description
            )
        }
    }

    /// The tokens of a line, with definitions in the place of their names.
    private func expanded(_ line: String) throws(NotationError) -> [Token] {
        var result: [Token] = []
        for token in try Lexer.tokens(of: line) {
            guard case .word(let word) = token, word.hasPrefix("$") else {
                result.append(token)
                continue
            }
            guard let definition = definitions[String(word.dropFirst())] else {
                throw NotationError("'\(word)' is not defined")
            }
            result += definition
        }
        return result
    }
}

extension ConformanceCase {
    /// Finds what is wrong with the case as a whole.
    fileprivate func check() throws(CaseFileError) {
        func fail(_ explanation: String) -> CaseFileError {
            CaseFileError(file: file, line: line, explanation: explanation)
        }
        guard !rules.isEmpty else { throw fail("the case names no rule") }
        guard repetition == nil else { throw fail("a repeat has no end") }
        guard !steps.isEmpty else { throw fail("the case has no steps") }
        guard !transports.isEmpty else { throw fail("the case can run nowhere") }
    }
}
