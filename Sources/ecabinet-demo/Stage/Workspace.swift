import Foundation

/// The folder of a demo, in which everything is that it makes.
struct Workspace: Sendable {
    let folder: String
    /// Whether nobody has asked to keep it.
    private let isTemporary: Bool

    /// - Parameter kept: The folder that was asked for; `nil` for a new temporary one.
    /// - Throws: ``DemoFailure`` where it cannot be made, or something is in it.
    init(keptIn kept: String?) throws(DemoFailure) {
        isTemporary = kept == nil
        guard let kept else {
            folder = try Self.makeTemporaryFolder()
            return
        }
        let url = URL(fileURLWithPath: kept)
        folder = url.standardizedFileURL.path
        let names: [String]
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw DemoFailure(
                .wrongFolder,
                vi: "không dùng được thư mục \(folder): \(error.localizedDescription)",
                en: "the folder \(folder) cannot be used: \(error.localizedDescription)"
            )
        }
        guard names.isEmpty else {
            throw DemoFailure(
                .wrongFolder,
                vi: "thư mục \(folder) không trống; hãy chọn thư mục khác",
                en: "the folder \(folder) is not empty; name another one"
            )
        }
    }

    /// A folder that nobody else had under this name, and that is its owner's alone.
    private static func makeTemporaryFolder() throws(DemoFailure) -> String {
        let pattern = FileManager.default.temporaryDirectory.appending(path: "ecabinet-demo-XXXXXX")
        var name = Array(pattern.standardizedFileURL.path.utf8CString)
        guard mkdtemp(&name) != nil else {
            let explanation = String(cString: strerror(errno))
            throw DemoFailure(
                .wrongFolder,
                vi: "không tạo được thư mục tạm: \(explanation)",
                en: "no temporary folder can be made: \(explanation)"
            )
        }
        return String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    /// A folder in it, which is made.
    func makeFolder(_ name: String) throws -> String {
        let path = path(name)
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: true
        )
        return path
    }

    func write(_ bytes: some Sequence<UInt8>, as name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
    }

    /// Removes it, unless somebody has asked to keep it.
    func discard() {
        guard isTemporary else { return }
        try? FileManager.default.removeItem(atPath: folder)
    }
}
