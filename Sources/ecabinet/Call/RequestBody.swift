import Foundation

/// The body of a call, as the command line gives it.
enum RequestBody {
    /// A frame of the largest kind that there is.
    private static let maxBytes = 64 << 20

    /// - Parameter argument: JSON, `@FILE`, or `-` for standard input; `nil` for an empty message.
    static func read(_ argument: String?) throws(Failure) -> JSONValue {
        guard let argument else { return .object([]) }
        if argument == "-" || argument == "@-" {
            do {
                return try parse(
                    Files.read(.standardInput, "standard input", atMost: maxBytes),
                    "standard input"
                )
            } catch let failure as Failure {
                throw failure
            } catch {
                throw Failure(cannotRead: "standard input", error)
            }
        }
        guard argument.hasPrefix("@") else { return try parse(Array(argument.utf8), "the body") }
        let path = String(argument.dropFirst())
        return try parse(Files.read(path, atMost: maxBytes), path)
    }

    private static func parse(_ bytes: [UInt8], _ name: String) throws(Failure) -> JSONValue {
        do throws(JSONSyntaxError) {
            return try JSONParser.value(of: bytes)
        } catch {
            throw Failure(
                .badData,
                "JSON_MALFORMED",
                Phrase("\(name) is no JSON", vi: "\(name) không phải JSON"),
                because: Phrase(untranslated: "\(error)"),
                advice: Phrase(
                    "write it as {\"name\": \"value\"}, and in '…' on the command line",
                    vi: "hãy viết dạng {\"name\": \"value\"}, và đặt trong '…' trên dòng lệnh"
                ),
                attributes: [
                    .init("line", .integer(Int64(error.line))),
                    .init("column", .integer(Int64(error.column))),
                ]
            )
        }
    }
}
