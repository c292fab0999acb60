import CabinetStore
import Foundation
import ModelTestSupport

/// The database file of a meeting that was held in it, for tests that damage it on the disk.
final class DatabaseFile {
    let folder: String
    private let url: URL
    /// As the server left it.
    private(set) var intact = Data()

    /// - Parameter hold: Holds meetings in the store, which is closed after it.
    init(_ hold: (any EventStore) throws -> Void) throws {
        folder = NSTemporaryDirectory() + "cabinet-file-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        url = URL(fileURLWithPath: "\(folder)/\(SQLiteEventStore.fileName)")
        try hold(SQLiteEventStore(folder: folder))
        intact = try Data(contentsOf: url)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Does something while the file has other contents.
    func with<Result>(_ changed: Data, _ body: () throws -> Result) throws -> Result {
        try changed.write(to: url)
        defer {
            try? intact.write(to: url)
            // Of a connection that did not end well.
            for suffix in ["-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: url.path + suffix)
            }
        }
        return try body()
    }

    /// The contents with a bit that flipped.
    func flipping(_ bit: UInt8, at place: Int) -> Data {
        var changed = intact
        changed[place] ^= 1 << bit
        return changed
    }

    /// Where each byte of something stored is in the file. What does not fit into a page is in several
    /// places.
    ///
    /// - Returns: An offset in the file for each byte; `nil` for those in a piece that is too short to be
    ///   told from others.
    func places(of bytes: [UInt8]) -> [Int?] {
        let needleBytes = 32
        var places: [Int?] = []
        while bytes.count - places.count >= needleBytes {
            let rest = Data(bytes[places.count...])
            let longest = occurrences(of: rest.prefix(needleBytes))
                .map { ($0, self.commonCount(rest, at: $0)) }
                .max { $0.1 < $1.1 }
            if let (start, count) = longest {
                places += (start..<start + count).map { $0 }
            } else {
                places.append(nil)
            }
        }
        return places + Array(repeating: nil, count: bytes.count - places.count)
    }

    private func occurrences(of needle: Data) -> [Int] {
        var found: [Int] = []
        var start = intact.startIndex
        while let range = intact.range(of: needle, in: start..<intact.endIndex) {
            found.append(range.lowerBound)
            start = range.lowerBound + 1
        }
        return found
    }

    private func commonCount(_ bytes: Data, at offset: Int) -> Int {
        zip(bytes, intact[offset...]).prefix { $0 == $1 }.count
    }
}
