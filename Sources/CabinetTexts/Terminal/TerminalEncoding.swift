/// Whether a process's terminal shows UTF-8.
public enum TerminalEncoding {
    /// As the locale says: the first of `LC_ALL`, `LC_CTYPE` and `LANG` that is not empty (POSIX.1-2017, XBD,
    /// section 8.2).
    ///
    /// - Returns: `true` where none is set, as terminals are today, and where the locale names no encoding
    ///   but a language. `false` for «C», «POSIX», and other encodings.
    public static func isUTF8(environment: [String: String]) -> Bool {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy
            .compactMap { environment[$0] }
            .first { !$0.isEmpty }
        guard let locale else { return true }
        let name = locale.prefix { $0 != "@" }
        guard let dot = name.firstIndex(of: ".") else { return name != "C" && name != "POSIX" }
        let encoding = name[name.index(after: dot)...].lowercased()
        return encoding == "utf-8" || encoding == "utf8"
    }
}
