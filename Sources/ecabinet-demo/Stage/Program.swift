import CommandSupport
import Foundation

/// A program that is run to its end.
struct Program: Sendable {
    let path: String
    let arguments: [String]
    var environment: [String: String] = [:]

    struct Outcome: Sendable {
        let status: Int32
        /// Standard output and standard error.
        let output: String

        var lines: [String] { output.split(whereSeparator: \.isNewline).map(String.init) }
    }

    /// None of those that are run takes nearly as long.
    private static let limit = Duration.seconds(120)

    init(_ path: String, _ arguments: [String], environment: [String: String] = [:]) {
        self.path = path
        self.arguments = arguments
        self.environment = environment
    }

    /// As it would be typed, with the environment that it needs.
    var text: String {
        let variables = environment.sorted { $0.key < $1.key }.map {
            "\($0.key)=\($0.value.shellWord)"
        }
        return (variables + ([path] + arguments).map(\.shellWord)).joined(separator: " ")
    }

    /// Runs it.
    ///
    /// - Parameter workspace: What it says is kept in a file there.
    /// - Throws: ``DemoFailure`` where it exits with another code than 0.
    @discardableResult
    func run(in workspace: Workspace, outputAs name: String) async throws -> Outcome {
        let file = try workspace.makeFolder("said") + "/\(name).txt"
        try Data().write(to: URL(fileURLWithPath: file))
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
        let child = try ChildProcess(
            path,
            arguments,
            environment: ProcessInfo.processInfo.environment.merging(environment) { $1 },
            output: handle,
            errors: handle
        )
        try handle.close()
        let status = await withTaskCancellationHandler {
            await child.end(within: Self.limit)
        } onCancel: {
            child.kill()
        }
        try Task.checkCancellation()
        let outcome = Outcome(
            status: status ?? -1,
            output: (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        )
        guard outcome.status == 0 else {
            let said = outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
            throw DemoFailure(
                vi: "\(text) kết thúc với mã \(outcome.status):\n\(said)",
                en: "\(text) exited with \(outcome.status):\n\(said)"
            )
        }
        return outcome
    }
}
