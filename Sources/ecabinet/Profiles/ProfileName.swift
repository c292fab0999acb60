/// The name of a profile, which is also that of a folder: 1 to 64 lower-case letters, digits, '-', '_' and
/// '.', the first a letter or a digit.
struct ProfileName: Hashable, Comparable, CustomStringConvertible, Sendable {
    let text: String

    static let `default` = ProfileName(proven: "default")

    private init(proven text: String) {
        self.text = text
    }

    init(_ text: String) throws(Failure) {
        let letters = Set("abcdefghijklmnopqrstuvwxyz0123456789")
        guard (1...64).contains(text.utf8.count), let first = text.first, letters.contains(first),
            text.allSatisfy({ letters.contains($0) || "-_.".contains($0) })
        else {
            throw Failure(
                .usage,
                "PROFILE_NAME",
                Phrase("«\(text)» is no name of a profile", vi: "«\(text)» không phải tên hồ sơ"),
                advice: Phrase(
                    "take 1 to 64 lower-case letters, digits, '-', '_' and '.'",
                    vi: "dùng 1 đến 64 chữ thường không dấu, chữ số, '-', '_' và '.'"
                )
            )
        }
        self.text = text
    }

    var description: String { text }

    static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}
