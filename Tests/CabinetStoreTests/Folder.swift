import Foundation

/// A folder for a test.
struct Folder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "cabinet-store-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }

    static func with(_ body: (Folder) throws -> Void) throws {
        let folder = try Folder()
        defer { folder.remove() }
        try body(folder)
    }
}
