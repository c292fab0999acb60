import Foundation

/// The files of proto/conformance.
struct CaseSuite: Sendable {
    static let shared = Result {
        try CaseSuite(folder: proto.appendingPathComponent("conformance"))
    }

    /// The folder of the schema and the protocol's document.
    static let proto = repository.appendingPathComponent("proto")

    static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    let cases: [ConformanceCase]
    let elsewhere: [ShownElsewhere]

    init(folder: URL) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".cases") }.sorted()
        let definitions = try Self.read("definitions", in: folder, [:]).definitions
        var cases: [ConformanceCase] = []
        var elsewhere: [ShownElsewhere] = []
        for name in names {
            let file = try Self.read(name, in: folder, definitions)
            cases += file.cases
            elsewhere += file.elsewhere
        }
        self.cases = cases
        self.elsewhere = elsewhere
    }

    private static func read(
        _ name: String,
        in folder: URL,
        _ definitions: [String: [Token]]
    ) throws -> CaseFile {
        let text = try String(
            contentsOf: folder.appendingPathComponent(name),
            encoding: .utf8
        )
        return try CaseFile(text, name: name, definitions: definitions)
    }
}
