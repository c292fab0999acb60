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

    private static func write(_ line: String, to file: FileHandle) {
        try? file.write(contentsOf: Data("\(line)\n".utf8))
    }
}
