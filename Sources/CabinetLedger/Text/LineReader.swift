/// Reads a text line by line. Every line ends with a newline.
struct LineReader {
    private(set) var rest: ArraySlice<UInt8>

    /// The number of the line that was read last. The first line has 1.
    private(set) var lineNumber = 0

    init(_ text: ArraySlice<UInt8>) {
        rest = text
    }

    /// The next line without its newline; nil where no line is left that ends with one.
    mutating func next() -> ArraySlice<UInt8>? {
        guard let newline = rest.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        defer { rest = rest[(newline + 1)...] }
        lineNumber += 1
        return rest[..<newline]
    }
}

extension ArraySlice<UInt8> {
    /// What follows a prefix; nil where the slice does not begin with it.
    func after(_ prefix: some Collection<UInt8>) -> ArraySlice<UInt8>? {
        starts(with: prefix) ? dropFirst(prefix.count) : nil
    }
}
