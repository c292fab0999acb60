import CabinetAPI
import CabinetMapping
import CabinetModel
import ModelTestSupport

func text(_ byteCount: Int) -> String { String(repeating: "x", count: byteCount) }

/// The entries, each from its bytes.
func reread(_ entries: [Entry]) throws -> [Entry] {
    var coding = EntryCoding()
    var read: [Entry] = []
    for entry in entries {
        read.append(try coding.parse(try coding.serialize(entry), at: entry.index))
    }
    return read
}

extension [UInt8] {
    /// Whether these bytes occur somewhere. Nothing occurs nowhere.
    func contains(_ needle: [UInt8]) -> Bool {
        guard let first = needle.first, needle.count <= count else { return false }
        return (0...(count - needle.count)).contains { start in
            self[start] == first && self[start..<start + needle.count].elementsEqual(needle)
        }
    }
}
