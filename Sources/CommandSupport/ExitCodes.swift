/// The exit codes of a program, for `--help`.
public enum ExitCodes {
    /// - Parameter meanings: Each code, and when the program ends with it.
    public static func documentation(_ meanings: [(code: Int32, meaning: String)]) -> String {
        "Exit codes:\n"
            + meanings.sorted { $0.code < $1.code }
            .map { "  \($0.code)\($0.code < 10 ? " " : "")  \($0.meaning)" }
            .joined(separator: "\n")
    }
}
