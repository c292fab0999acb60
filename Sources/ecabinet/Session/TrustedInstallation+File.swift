import CabinetClient
import CabinetLedger

extension TrustedInstallation {
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
