internal import CabinetDocuments
public import CabinetTexts

/// What local time is ahead of UTC, in whole quarters of an hour. It is fixed for a bundle: whoever
/// reads it later needs no time zone database.
public struct UTCOffset: Hashable, Sendable {
    /// Minutes, −840…840.
    public let minutes: Int

    /// The time of Hà Nội.
    public static let vietnam = UTCOffset(proven: 7 * 60)

    /// - Returns: `nil` where there are not −840…840 minutes in quarters of an hour.
    public init?(minutes: Int) {
        guard (-840...840).contains(minutes), minutes.isMultiple(of: 15) else { return nil }
        self.minutes = minutes
    }

    private init(proven minutes: Int) {
        self.minutes = minutes
    }

    static var all: [UTCOffset] { stride(from: -840, through: 840, by: 15).map(Self.init(proven:)) }
}

extension UTCOffset: CustomStringConvertible {
    /// As in ISO 8601: «+07:00».
    public var description: String {
        let magnitude = abs(minutes)
        return (minutes < 0 ? "-" : "+") + "\(padded(magnitude / 60)):\(padded(magnitude % 60))"
    }
}

/// What is chosen about a bundle. Everything else in it follows from the log.
public struct MinutesOptions: Hashable, Sendable {
    /// Of `minutes.html` and `README.md`.
    public let language: Language
    /// Of the times in `minutes.html`.
    public let utcOffset: UTCOffset

    public init(language: Language = .vietnamese, utcOffset: UTCOffset = .vietnam) {
        self.language = language
        self.utcOffset = utcOffset
    }

    /// The format of bundles. It changes with any byte that is made of the same log, and so with any text of
    /// CabinetTexts that is in it: a verifier makes every file anew, and compares.
    static let format = "e-cabinet/minutes/v1"

    /// Whether a file begins as `bundle.json` does in this format, and in any that comes after it.
    static func isOfAnyFormat(_ file: [UInt8]) -> Bool {
        file.starts(with: "{\n  \"format\": \"e-cabinet/minutes/v".utf8)
    }

    /// What `bundle.json` says.
    var file: [UInt8] {
        JSON.object([
            ("format", .string(Self.format)),
            ("language", .string(language.rawValue)),
            ("utc_offset", .string(utcOffset.description)),
        ]).document
    }

    /// Reads `bundle.json`. There are few such files, so that each of them is compared.
    init?(file: [UInt8]) {
        for language in Language.allCases {
            for offset in UTCOffset.all {
                let options = MinutesOptions(language: language, utcOffset: offset)
                if options.file == file {
                    self = options
                    return
                }
            }
        }
        return nil
    }
}
