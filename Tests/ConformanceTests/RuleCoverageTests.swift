import Foundation
import Testing

/// The cases and the protocol's document belong together.
@Suite struct RuleCoverageTests {
    /// The numbers of the rules, as proto/CWP.md has them.
    private static func documentRules() throws -> Set<String> {
        let text = try String(
            contentsOf: CaseSuite.proto.appendingPathComponent("CWP.md"),
            encoding: .utf8
        )
        let rules = text.split(separator: "\n").compactMap { line -> String? in
            guard line.hasPrefix("- **"), let end = line.dropFirst(4).range(of: "**") else {
                return nil
            }
            let number = String(line.dropFirst(4)[..<end.lowerBound])
            return number.isRuleNumber ? number : nil
        }
        #expect(rules.count >= 50)
        #expect(Set(rules).count == rules.count, "a number is used twice")
        return Set(rules)
    }

    @Test("Each rule of the document has a case, or a test that shows it")
    func everyRule() throws {
        let suite = try CaseSuite.shared.get()
        let shown = Set(suite.cases.flatMap(\.rules) + suite.elsewhere.map(\.rule))
        let missing = try Self.documentRules().subtracting(shown)
        #expect(missing.sorted() == [])
    }

    @Test("Each case is about rules that the document has")
    func noOtherRule() throws {
        let rules = try Self.documentRules()
        for each in try CaseSuite.shared.get().cases {
            let unknown = Set(each.rules).subtracting(rules)
            #expect(unknown == [], "\(each.file):\(each.line)")
            for case .expectGoAway(_, let rule?) in each.steps.map(\.action) {
                #expect(rules.contains(rule), "\(each.file):\(each.line)")
            }
        }
    }

    @Test("What is shown elsewhere has a rule of the document, and a test that is there")
    func elsewhere() throws {
        let rules = try Self.documentRules()
        for each in try CaseSuite.shared.get().elsewhere {
            #expect(rules.contains(each.rule), "\(each.file):\(each.line)")
            #expect(try Self.hasTest(each.test), "\(each.file):\(each.line): \(each.test)")
        }
    }

    /// - Parameter test: `TARGET/NAME`.
    private static func hasTest(_ test: String) throws -> Bool {
        let parts = test.split(separator: "/")
        guard parts.count == 2 else { return false }
        let folder = CaseSuite.repository.appendingPathComponent("Tests/\(parts[0])")
        let files = FileManager.default.enumerator(atPath: folder.path)?.allObjects ?? []
        return try files.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }
            .contains { file in
                try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
                    .contains("func \(parts[1])(")
            }
    }

    @Test("Each violation that the sources know names a rule of the document")
    func sources() throws {
        let rules = try Self.documentRules()
        var named: Set<String> = []
        for target in ["CabinetWire", "CabinetRPC"] {
            let folder = CaseSuite.repository.appendingPathComponent("Sources/\(target)")
            let files = FileManager.default.enumerator(atPath: folder.path)?.allObjects ?? []
            for file in files.compactMap({ $0 as? String }) where file.hasSuffix(".swift") {
                let text = try String(
                    contentsOf: folder.appendingPathComponent(file),
                    encoding: .utf8
                )
                for part in text.components(separatedBy: "rule: \"").dropFirst() {
                    named.insert(String(part.prefix { $0 != "\"" }))
                }
            }
        }
        #expect(named.count > 20)
        #expect(named.subtracting(rules).sorted() == [])
    }

    @Test("No two cases have the same title")
    func titles() throws {
        let titles = try CaseSuite.shared.get().cases.map { "\($0.subject): \($0.title)" }
        let repeated = Dictionary(grouping: titles) { $0 }.filter { $0.value.count > 1 }.keys
        #expect(repeated.sorted() == [])
    }
}
