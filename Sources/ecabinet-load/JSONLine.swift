import Foundation

extension Encodable {
    /// As the reports of all commands are printed with --json: one line, with names in snake case, in their
    /// order.
    var jsonLine: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.keyEncodingStrategy = .convertToSnakeCase
            encoder.outputFormatting = [.sortedKeys]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}
