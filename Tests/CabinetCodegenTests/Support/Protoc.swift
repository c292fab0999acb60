import Foundation

/// Runs the real protoc with the real plugin.
enum Protoc {
    struct Outcome {
        var status: Int32
        /// What protoc wrote to standard error.
        var errors: String
        /// The generated files, by path.
        var files: [String: String]
    }

    /// Generates code.
    ///
    /// - Parameters:
    ///   - sources: Proto files, by path.
    ///   - names: The files to generate code for; all of them, unless given.
    ///   - others: Files that are no schema, by path, such as a registry of method numbers. protoc
    ///     runs in the folder that has them.
    static func run(
        _ sources: [String: String],
        generating names: [String]? = nil,
        options: String = "c_module=CExample",
        others: [String: String] = [:]
    ) throws -> Outcome {
        let folder = try TemporaryFolder()
        for (path, text) in sources.merging(others, uniquingKeysWith: { first, _ in first }) {
            try folder.write(text, to: path)
        }
        _ = try folder.folder("out")
        let outcome = try Program.run(
            "protoc",
            [
                "--plugin=protoc-gen-cabinet=\(Program.plugin)",
                "--cabinet_out=out",
                "-I.",
                "-I\(Program.repository)/proto",
            ] + (options.isEmpty ? [] : ["--cabinet_opt=\(options)"])
                + (names ?? sources.keys.sorted()),
            in: folder.url
        )
        return Outcome(
            status: outcome.status,
            errors: outcome.errors,
            files: try folder.files(in: "out")
        )
    }

    /// A proto3 file of the package `example`. The declarations begin in line 2.
    static func file(_ declarations: String) -> String {
        let header = #"syntax = "proto3"; package example;"#
        let options = #" import "cabinet/rpc/options.proto";"#
        return header + (declarations.contains("cabinet.rpc") ? options : "") + "\n"
            + declarations + "\n"
    }
}
