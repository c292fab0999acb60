import CabinetClient
import CabinetLedger

extension TrustedInstallation {
    /// Whether a text is a key itself, as it is published, and no name of a file.
    static func isKey(_ text: String) -> Bool { (try? TrustedInstallation(parsing: text)) != nil }

    /// The installation whose key is given: the line itself, or the file that it is in.
    ///
    /// - Throws: ``Failure`` where it is neither.
    init(keyOrFile text: String) throws(Failure) {
        if let given = try? TrustedInstallation(parsing: text) {
            self = given
        } else {
            try self.init(file: text)
        }
    }

    /// The installation whose key is in a file: the server's log-key.vkey.
    ///
    /// - Throws: ``Failure`` where it cannot be read, or is no such key.
    init(file path: String) throws(Failure) {
        let text = try Files.text(path)
        let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        do throws(VerifierKeyError) {
            self = try TrustedInstallation(parsing: line)
        } catch {
            throw Failure(
                .configuration,
                "LOG_KEY",
                Phrase("\(path) is no key of a log", vi: "\(path) không phải khóa nhật ký"),
                because: Phrase(
                    detail: "\(error)",
                    vi: "tệp không có khóa nhật ký đúng định dạng"
                ),
                advice: Phrase(
                    "it is the file log-key.vkey of the server; ask whoever runs it",
                    vi: "đó là tệp log-key.vkey của máy chủ; hãy hỏi người vận hành"
                )
            )
        }
    }
}
