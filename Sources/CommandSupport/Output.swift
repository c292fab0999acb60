internal import Foundation

/// Lines for whoever started the program. Nobody may be there to read them.
public enum Output {
    /// Results, on standard output.
    public static func say(_ line: String) {
        write(line, to: .standardOutput)
    }

    /// What is wrong, on standard error.
    public static func complain(_ line: String) {
        write(line, to: .standardError)
    }

    /// How far something is, on standard error: in place of what was said so before. For a terminal.
    public static func progress(_ line: String) {
        // Back to the beginning of the line, and clear what is left of the earlier one.
        try? FileHandle.standardError.write(contentsOf: Data("\r\(line)\u{1b}[K".utf8))
    }

    private static func write(_ line: String, to file: FileHandle) {
        try? file.write(contentsOf: Data("\(line)\n".utf8))
    }
}
