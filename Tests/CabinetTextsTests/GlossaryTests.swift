import CabinetTexts
import Foundation
import Testing

/// All texts of the project that have a Vietnamese form, as the sources have them.
@Suite struct GlossaryTests {
    private static let texts: [SourceText] = SourceText.all()

    @Test("The texts of the project are found")
    func found() {
        #expect(Self.texts.count > 500)
        #expect(Self.texts.contains { $0.vietnamese.contains("đã bế mạc") })
        #expect(Self.texts.contains { $0.english == "Choose another identifier." })
    }

    @Test("For each thing there is one word in all Vietnamese texts")
    func oneWord() {
        for term in Glossary.terms {
            #expect(
                Self.texts.contains { $0.has(term.vietnamese) },
                "no text has «\(term.vietnamese)»"
            )
            for word in term.rejected {
                for text in Self.texts where text.has(word) {
                    Issue.record("\(text.place): «\(word)» is to be «\(term.vietnamese)»")
                }
            }
        }
    }

    @Test("No Vietnamese text is missing, or is the English one")
    func translated() {
        for text in Self.texts where text.english.contains(where: { $0.isLetter }) {
            #expect(text.vietnamese.contains { $0.isLetter }, "\(text.place): \(text.english)")
            #expect(text.vietnamese != text.english, "\(text.place): \(text.english)")
        }
    }

    @Test("Only what administrators read, and names, are not translated")
    func untranslated() {
        let allowed = [
            "/Call/", "/PKI/", "/Directory/", "/Reflection/", "/KeptBallots.swift",
            "/Failure+RPCError.swift", "/Phrase.swift",
            "/EcabinetCommand.swift",
        ]
        for (path, source) in SourceText.sources()
        where source.contains("Phrase(untranslated:")
            || source.contains("                untranslated:")
        {
            #expect(allowed.contains { path.contains($0) }, "\(path)")
        }
    }
}

/// A text in both languages, as it stands in a source: what is interpolated is a «◦».
private struct SourceText {
    let place: String
    let english: String
    let vietnamese: String

    /// Whether the Vietnamese text has a word, or several together.
    func has(_ word: String) -> Bool {
        let text = vietnamese.lowercased()
        var rest = text[...]
        while let range = rest.range(of: word) {
            let before = text[..<range.lowerBound].last
            let after = text[range.upperBound...].first
            if before?.isLetter != true, after?.isLetter != true { return true }
            rest = text[range.upperBound...]
        }
        return false
    }

    // MARK: - Reading sources

    static func sources() -> [(path: String, source: String)] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources").path
        let enumerator = FileManager.default.enumerator(atPath: folder)
        let paths = (enumerator?.allObjects as? [String]) ?? []
        return paths.sorted().filter { $0.hasSuffix(".swift") && !$0.contains("Generated") }
            .compactMap { path in
                (try? String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8))
                    .map { (path, $0) }
            }
    }

    static func all() -> [SourceText] {
        sources().filter { $0.source.contains("vi:") }.flatMap {
            path,
            source -> [SourceText] in
            var reader = CallReader(source)
            return reader.calls().compactMap { call in
                guard let vietnamese = call["vi"] else { return nil }
                return SourceText(
                    place: path,
                    english: call["en"] ?? call[""] ?? "",
                    vietnamese: vietnamese.precomposedStringWithCanonicalMapping
                )
            }
        }
    }
}

/// Finds the calls of a source with the texts of their arguments, by their labels. It knows of Swift what these
/// sources have: literals, comments and brackets.
private struct CallReader {
    private let characters: [Character]
    private var position = 0

    init(_ source: String) {
        characters = Array(source)
    }

    private struct Frame {
        var arguments: [String: String] = [:]
        var label = ""
        var text: String?
        var word = ""

        mutating func endArgument() {
            if let text { arguments[label] = arguments[label] ?? text }
            (label, text, word) = ("", nil, "")
        }
    }

    mutating func calls() -> [[String: String]] {
        var found: [[String: String]] = []
        var frames = [Frame()]
        while position < characters.count {
            let character = characters[position]
            let last = frames.count - 1
            switch character {
            case "/" where next == "/":
                while position < characters.count, !characters[position].isNewline { position += 1 }
                continue
            case "\"":
                frames[last].text = (frames[last].text ?? "") + literal()
                continue
            case "(", "[", "{": frames.append(Frame())
            case ")", "]", "}":
                if frames.count > 1, var frame = frames.popLast() {
                    frame.endArgument()
                    found.append(frame.arguments)
                }
            case ",": frames[last].endArgument()
            case ":" where frames[last].text == nil && !frames[last].word.isEmpty:
                frames[last].label = frames[last].word
                frames[last].word = ""
            default:
                if character.isLetter || character == "_" {
                    frames[last].word.append(character)
                } else {
                    frames[last].word = ""
                }
            }
            position += 1
        }
        return found
    }

    private var next: Character? {
        characters.indices.contains(position + 1) ? characters[position + 1] : nil
    }

    /// The content of the literal that begins here, and goes behind it.
    private mutating func literal() -> String {
        let quotes = characters[position...].prefix(3).elementsEqual("\"\"\"") ? 3 : 1
        position += quotes
        var text = ""
        while position < characters.count {
            if characters[position...].prefix(quotes).allSatisfy({ $0 == "\"" }) {
                position += quotes
                return text
            }
            guard characters[position] == "\\" else {
                text.append(characters[position])
                position += 1
                continue
            }
            if next == "(" {
                position += 2
                skipInterpolation()
                text.append("◦")
            } else {
                text.append(next == "n" ? "\n" : next ?? "\\")
                position += 2
            }
        }
        return text
    }

    private mutating func skipInterpolation() {
        var depth = 1
        while position < characters.count, depth > 0 {
            switch characters[position] {
            case "\"":
                _ = literal()
                continue
            case "(": depth += 1
            case ")": depth -= 1
            default: break
            }
            position += 1
        }
    }
}
