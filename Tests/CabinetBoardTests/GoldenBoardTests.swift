import CabinetBoard
import CabinetModel
import CabinetTexts
import Foundation
import ModelTestSupport
import Testing

/// The board as it is drawn, compared with files that a person has read.
///
/// With `CABINET_UPDATE_GOLDEN=1` in the environment the tests write what is drawn now; read the difference
/// before you commit it.
@Suite struct GoldenBoardTests {
    struct Golden: Sendable, CustomTestStringConvertible {
        var name: String
        var language = Language.vietnamese
        var columns = 80
        var rows = 24
        var hasUnicode = true
        /// Whether the file has the tones as well.
        var hasTones = false
        var scene: @Sendable () throws -> BoardScene

        var file: String {
            "\(name)-\(language.rawValue)-\(columns)x\(rows)" + (hasUnicode ? "" : "-ascii")
                + ".txt"
        }
        var testDescription: String { file }
    }

    @Sendable private static func voting() throws -> BoardScene {
        let session = try Cabinet.voting()
        let connected = Cabinet.connected(session, butFor: ["m3", "m20", "m23"])
        return session.scene(connected: connected, secondsLater: 55)
    }

    @Sendable private static func many() throws -> BoardScene {
        let names = (1...600).map { "Đại biểu số \($0)" }
        let session = try Cabinet.voting(.nothing, ballots: 250, names)
        return session.scene(connected: Cabinet.connected(session, butFor: ["m300", "m301"]))
    }

    /// Names of persons in NFD.
    static let persons = [
        "Nguye\u{302}\u{303}n Thi\u{323} A\u{301}nh Tuye\u{302}\u{301}t",
        "Le\u{302} Va\u{306}n Đu\u{31b}\u{301}c",
        "Pha\u{323}m Thu\u{301}y A\u{306}n",
        "Tra\u{302}\u{300}n Quo\u{302}\u{301}c A\u{302}n",
        "Đa\u{323}\u{306}ng Bi\u{300}nh",
        "Ho\u{302}\u{300} Xua\u{302}n Hu\u{31b}o\u{31b}ng",
        "Vo\u{303} Thi\u{323} Sa\u{301}u",
        "Ly\u{301} Thu\u{31b}o\u{31b}\u{300}ng Kie\u{323}\u{302}t",
    ]

    private static let goldens: [Golden] = [
        Golden(name: "scheduled", scene: { try Cabinet.scheduled().scene() }),
        Golden(name: "scheduled", language: .english, scene: { try Cabinet.scheduled().scene() }),
        Golden(name: "voting-named", hasTones: true, scene: voting),
        Golden(name: "voting-named", language: .english, scene: voting),
        Golden(name: "voting-named", columns: 120, rows: 40, scene: voting),
        Golden(name: "voting-named", columns: 200, rows: 60, scene: voting),
        Golden(name: "voting-named", columns: 40, rows: 12, scene: voting),
        Golden(name: "voting-named", hasUnicode: false, scene: voting),
        Golden(
            name: "voting-counts",
            scene: { try Cabinet.voting(.counts).scene(.display, secondsLater: 240) }
        ),
        Golden(
            name: "voting-nothing",
            language: .english,
            scene: { try Cabinet.voting(.nothing).scene(.members, secondsLater: 301) }
        ),
        Golden(name: "decided", scene: { try Cabinet.decided().scene(.members) }),
        Golden(
            name: "decided",
            language: .english,
            columns: 120,
            rows: 40,
            scene: { try Cabinet.decided().scene(.members) }
        ),
        Golden(
            name: "offline",
            scene: {
                try Cabinet.voting().scene(condition: Instants.offline, secondsLater: 102)
            }
        ),
        Golden(name: "waiting", scene: { waiting }),
        Golden(name: "waiting", language: .english, scene: { waiting }),
        Golden(name: "six-hundred", scene: many),
        Golden(name: "six-hundred", columns: 200, rows: 60, scene: many),
        Golden(
            name: "persons",
            columns: 60,
            scene: { try Cabinet.voting(.named, ballots: 3, persons, asPersons: true).scene() }
        ),
    ]

    private static let waiting = BoardScene(
        meeting: Session.id,
        state: nil,
        condition: Instants.offline,
        now: .at(1_561_341_600_000),
        instant: Instants.start.advanced(by: .seconds(3))
    )

    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().appendingPathComponent("Golden")

    private static let updates =
        ProcessInfo.processInfo.environment["CABINET_UPDATE_GOLDEN"] == "1"

    @Test(arguments: goldens)
    func theBoardIsAsExpected(_ golden: Golden) throws {
        let format = BoardFormat(
            size: TerminalSize(columns: golden.columns, rows: golden.rows),
            language: golden.language,
            zone: .vietnam,
            hasUnicode: golden.hasUnicode
        )
        let lines = Board(try golden.scene(), format).lines
        var actual = lines.map { $0.text + "|\n" }.joined()
        if golden.hasTones {
            actual += lines.map { line in
                line.spans.map { "[\($0.tone)]\($0.text)" }.joined() + "\n"
            }.joined()
        }
        let file = Self.folder.appendingPathComponent(golden.file)
        if Self.updates {
            try actual.write(to: file, atomically: true, encoding: .utf8)
            return
        }
        let expected = try String(contentsOf: file, encoding: .utf8)
        for (number, pair) in zip(
            expected.split(separator: "\n", omittingEmptySubsequences: false),
            actual.split(separator: "\n", omittingEmptySubsequences: false)
        ).enumerated() {
            #expect(pair.0 == pair.1, "line \(number + 1)")
        }
        #expect(expected == actual)
    }
}
