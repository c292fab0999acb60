/// The record of method numbers that were ever published: a text file with a line `number name` for
/// each, sorted by number. `#` starts a comment.
///
/// A number on the wire means what it meant when it was published. So a method keeps its number, and
/// the number of a method that is gone is not given to another.
struct MethodRegistry: Equatable {
    private(set) var names: [UInt64: String] = [:]

    private static let header = """
        # The numbers of methods on the wire. A number is never changed and never reused, not even
        # when its method is gone. The code generator checks this file and adds new methods to it.

        """

    init() {}

    /// - Throws: ``CodegenError`` naming the line that cannot be read.
    init(text: String, path: String) throws(CodegenError) {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        var methods: Set<String> = []
        for (index, line) in lines.enumerated() {
            let content = line.prefix { $0 != "#" }
            let words = content.split(whereSeparator: \.isWhitespace)
            if words.isEmpty { continue }
            guard words.count == 2,
                let number = UInt64(words[0]),
                (1...65_535).contains(number),
                names[number] == nil,
                methods.insert(String(words[1])).inserted
            else {
                throw CodegenError(
                    "expected a number from 1 to 65535 and the full name of a method, neither of "
                        + "which has occurred",
                    at: SourcePlace(file: path, line: index + 1, column: 1)
                )
            }
            names[number] = String(words[1])
        }
    }

    /// Compares the methods of a schema with the record and adds the new ones.
    ///
    /// - Throws: ``CodegenError`` where a published number has changed its method, or the reverse.
    mutating func record(_ methods: [Method]) throws(CodegenError) {
        let numbers = Dictionary(
            names.map { ($0.value, $0.key) },
            uniquingKeysWith: { first, _ in first }
        )
        for method in methods {
            let name = method.declaration.fullName
            if let number = numbers[name], number != method.number {
                throw CodegenError(
                    "the number of '\(name)' was published as \(number) and is now "
                        + "\(method.number): a method keeps its number",
                    at: method.declaration.place
                )
            }
            if let owner = names[method.number], owner != name {
                throw CodegenError(
                    "the number \(method.number) of '\(name)' was published as that of "
                        + "'\(owner)': take a number that no method has had",
                    at: method.declaration.place
                )
            }
            names[method.number] = name
        }
    }

    var text: String {
        Self.header
            + names.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }.joined()
    }
}
