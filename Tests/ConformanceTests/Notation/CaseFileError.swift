/// A case file that cannot be read: where, and why.
struct CaseFileError: Error, Hashable, CustomStringConvertible {
    let file: String
    let line: Int
    let explanation: String

    var description: String { "\(file):\(line): \(explanation)" }
}
