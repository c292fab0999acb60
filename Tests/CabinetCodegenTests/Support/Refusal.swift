import Testing

/// A schema that the generator refuses, and what the reader is told.
struct Refusal: Sendable, CustomTestStringConvertible {
    var title: String
    var sources: [String: String]
    /// The files to generate code for; all of them where it is `nil`.
    var names: [String]?
    var options = "c_module=CExample"
    var others: [String: String] = [:]
    /// All that protoc writes to standard error, without the final newline.
    var errors: String

    var testDescription: String { title }

    /// A refusal by the generator of a file `example.proto`, whose declarations begin in line 2.
    init(_ title: String, _ declarations: String, _ message: String) {
        self.title = title
        sources = ["example.proto": Protoc.file(declarations)]
        errors = "--cabinet_out: example.proto:\(message)"
    }

    init(
        _ title: String,
        sources: [String: String],
        names: [String]? = nil,
        options: String = "c_module=CExample",
        others: [String: String] = [:],
        errors: String
    ) {
        self.title = title
        self.sources = sources
        self.names = names
        self.options = options
        self.others = others
        self.errors = errors
    }

    /// protoc fails, says exactly this, and leaves no file behind.
    func check(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let outcome = try Protoc.run(
            sources,
            generating: names,
            options: options,
            others: others
        )
        #expect(outcome.errors == errors + "\n", sourceLocation: sourceLocation)
        #expect(outcome.status == 1, sourceLocation: sourceLocation)
        #expect(outcome.files.keys.sorted() == [], sourceLocation: sourceLocation)
    }
}
