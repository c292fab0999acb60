import CabinetTexts
import ModelTestSupport
import Testing

@testable import CabinetMinutes

/// What people are told is wrong.
@Suite struct TextTests {
    private static let tars: [TarError] = [
        .tooLarge, .truncated(offset: 1), .header(offset: 1), .name("a"), .notAFile("a"),
        .fileTooLong("a"), .order("a"), .folders("a"), .foreign("a"), .padding(offset: 1), .empty,
    ]
    private static let operations: [MinutesFileError.Operation] = [
        .open, .read, .makeFolder, .create, .write, .synchronize, .rename,
    ]
    private static let minutes: [MinutesError] = [
        .logTooLong(byteCount: 1), .tooLarge, .otherInstallation(key: "a", origin: "b"),
        .pollInProgress("poll"), .path("a"),
    ]
    private static let files: [MinutesFileError] =
        [
            .exists(path: "a"), .notMinutes(path: "a"), .foreignFile("a", in: "b"),
            .changedFile("a", in: "b"),
            .leftBehind(path: "a"), .unusable(path: "a"), .diskFull(path: "a"),
            .tooLarge(path: "a"),
        ] + operations.map { .system($0, path: "a", code: 5) } + tars.map { .tar($0) }
        + minutes.map { .bundle($0) }
    private static let findings: [MinutesFinding.Problem] =
        [
            .manifestLine(1), .notInManifest, .digest, .missing, .unexpected, .differs(line: 1),
            .options, .key, .entry(1), .signature,
            .otherBallot(BallotReference(poll: "poll", member: "m1", entry: 1)), .tarHeaders,
        ] + minutes.map { .log($0) }
        + [.name, .symbolicLink, .special, .emptyFolder].map {
            .foreign(BundleContents.Foreign(path: "a", kind: $0))
        }

    @Test("Everything that can be wrong is said in Vietnamese and in English")
    func languages() {
        let ballot = BallotReference(poll: "poll", member: "m1", entry: 1)
        let texts =
            Self.files.map { ($0.text(in: .vietnamese), $0.text(in: .english)) }
            + Self.findings.map { MinutesFinding($0, at: "x", ballot: ballot) }
            .map { ($0.text(in: .vietnamese), $0.text(in: .english)) }
        for (vietnamese, english) in texts {
            // Each has a letter that English has not.
            #expect(
                vietnamese.unicodeScalars.contains { $0.value > 0xbf },
                "\(vietnamese)"
            )
            #expect(vietnamese != english)
        }
    }

    @Test("What is named cannot control a terminal")
    func printing() {
        let name = "a\u{1b}[2J\u{202e}"
        for language in Language.allCases {
            let texts = [
                MinutesFileError.foreignFile(name, in: name).text(in: language),
                MinutesFileError.changedFile(name, in: name).text(in: language),
                MinutesFileError.exists(path: name).text(in: language),
                TarError.name(name).text(in: language),
                MinutesError.path(name).text(in: language),
                MinutesFinding(.missing, at: name).text(in: language),
                BundleContents.Foreign(path: name, kind: .special).text(in: language),
            ]
            for text in texts {
                #expect(text.contains("a\\u{1b}[2J\\u{202e}"), "\(text)")
                #expect(!text.contains("\u{1b}") && !text.contains("\u{202e}"))
            }
        }
    }
}
