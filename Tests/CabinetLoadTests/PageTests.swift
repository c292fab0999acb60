import CabinetLoad
import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite struct PageTests {
    /// XML's parser, which is not ours, and takes nothing that is not well-formed.
    private func parse(_ page: String) throws -> PageReader {
        #expect(page.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
        let parser = XMLParser(data: Data(page.dropFirst("<!DOCTYPE html>\n".count).utf8))
        let reader = PageReader()
        parser.delegate = reader
        try #require(parser.parse(), "\(String(describing: parser.parserError))")
        return reader
    }

    /// A report of a run in which nothing has happened.
    private var empty: RunReport {
        RunReport(
            scenario: Scenario(name: "Nothing"),
            record: RunRecord(for: .zero),
            server: ServerFigures(),
            target: "",
            seed: 0,
            startedUnixMs: .min,
            processes: 1
        )
    }

    @Test("The page is well-formed, and says what it comes to")
    func wellFormed() throws {
        let council = try parse(SampleRun.council.html)
        #expect(council.text.contains("NO GO"))
        #expect(council.text.contains("errors: 16, allowed 0"))
        #expect(council.names["svg", default: 0] > 8)
        var good = SampleRun.council
        good.scenario.thresholds = Thresholds()
        good.scenario.thresholds.errors = 20
        #expect(try parse(good.html).text.contains("✓ GO"))
    }

    @Test("A run in which nothing happened has a page as well")
    func nothing() throws {
        let page = try parse(empty.html)
        #expect(page.names["svg"] == nil)
        #expect(page.text.contains("Nothing"))
    }

    @Test("Runs with next to nothing in them have pages as well", arguments: [0, 1, 2])
    func nearlyNothing(_ count: Int) throws {
        var report = empty
        report.record.ballots.planned = 1
        for _ in 0..<count {
            report.record.ballots.series.record(.zero, at: .zero)
            report.record.followers.returns.record(.seconds(600), at: .seconds(-1))
        }
        report.record.duration = .seconds(-1)
        report.record.marks = [RunRecord.Mark(at: .seconds(-5), "before the beginning")]
        report.server.residentKiB = Array(repeating: (.zero, 0), count: count)
        report.server.processor = Array(repeating: (.zero, .zero), count: count)
        let page = report.html
        _ = try parse(page)
        #expect(!page.contains("nan") && !page.contains("inf\""))
    }

    @Test("The page needs nothing from anywhere, and no script")
    func selfContained() throws {
        let page = SampleRun.council.html.replacing("http://www.w3.org/2000/svg", with: "")
        for word in [
            "src=", "http://", "https://", "url(", "@import", "<link", "<img", "<script", "href=",
            "javascript:", "onload",
        ] {
            #expect(!page.contains(word), "\(word)")
        }
        #expect(page.contains("default-src 'none'"))
        #expect(page.contains("name=\"viewport\""))
        #expect(page.contains("@media print"))
        #expect(page.contains("prefers-color-scheme: dark"))
    }

    @Test("Every curve has a title and says in words what it shows")
    func alternatives() throws {
        let page = try parse(SampleRun.council.html)
        #expect(page.figures == 8)
        #expect(page.names["title"] == 1 + page.figures)
        #expect(page.names["desc"] == page.figures)
        #expect(Set(page.identifiers).count == page.identifiers.count)
        #expect(page.references.isSubset(of: page.identifiers))
    }

    @Test("Nothing from outside becomes markup, wherever it stands")
    func escaped() throws {
        let hostile = "<script>alert(1)</script>\"'&amp;\u{0}\u{1b}]]>\u{ffff}<!--"
        var report = SampleRun.council
        report.scenario.name = hostile
        report.target = hostile
        report.command = hostile
        report.record.ballots.failures.record(hostile)
        report.record.marks.append(RunRecord.Mark(at: .seconds(1), hostile))
        report.record.polls.append(
            RunRecord.PollOutcome(
                poll: hostile,
                counted: .init(yes: 1),
                acknowledged: .init(.init(yes: 2))
            )
        )
        report.record.broken = hostile
        let label = hostile.replacing("\"", with: "\\\"")
        report.server.after = try MetricsSnapshot(
            text: "cabinet_rpc_server_calls_total{method=\"\(label)\",code=\"\(label)\"} 3"
        )
        let page = report.html
        #expect(!page.contains("<script"))
        #expect(!page.contains("<!--"))
        #expect(!page.unicodeScalars.contains("\u{1b}"))
        let reader = try parse(page)
        #expect(reader.names["script"] == nil)
        let shown = "<script>alert(1)</script>\"'&amp;\u{fffd}\u{fffd}]]>\u{fffd}<!--"
        #expect(reader.text.components(separatedBy: shown).count > 9)
    }

    /// For whoever works on the page: writes it, with everything in it, where the variable says.
    @Test(
        "The page of a council can be looked at",
        .enabled(if: ProcessInfo.processInfo.environment["CABINET_WRITE_PAGE"] != nil)
    )
    func write() throws {
        let path = try #require(ProcessInfo.processInfo.environment["CABINET_WRITE_PAGE"])
        try SampleRun.council.html.write(toFile: path, atomically: true, encoding: .utf8)
    }
}

/// What a parser finds in a page.
private final class PageReader: NSObject, XMLParserDelegate {
    private(set) var text = ""
    private(set) var names: [String: Int] = [:]
    private(set) var identifiers: [String] = []
    private(set) var references: Set<String> = []

    var figures: Int { names["figure", default: 0] }

    func parser(
        _ parser: XMLParser,
        didStartElement name: String,
        namespaceURI: String?,
        qualifiedName: String?,
        attributes: [String: String]
    ) {
        names[name, default: 0] += 1
        if let id = attributes["id"] { identifiers.append(id) }
        for id in (attributes["aria-labelledby"] ?? "").split(separator: " ") {
            references.insert(String(id))
        }
    }

    func parser(_ parser: XMLParser, foundCharacters characters: String) { text += characters }
}
