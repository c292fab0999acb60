import Foundation

/// Text of several lines on the command line: the text itself, `@` with the name of a file, or `-` for standard
/// input.
enum TextArgument {
    /// More is no motion.
    private static let maxBytes = 65_536

    /// The text in NFC, with line feeds alone, and without those at its end.
    static func text(_ argument: String) throws(Failure) -> String {
        normalized(try read(argument))
    }

    /// Terminals and editors do not say in which normalisation form they send what is typed.
    static func normalized(_ text: String) -> String {
        var text = text.replacing("\r\n", with: "\n").precomposedStringWithCanonicalMapping
        while text.last == "\n" { text.removeLast() }
        return text
    }

    private static func read(_ argument: String) throws(Failure) -> String {
        if argument == "-" {
            do {
                let bytes = try Files.read(.standardInput, "-", atMost: maxBytes)
                return String(decoding: bytes, as: UTF8.self)
            } catch let failure as Failure {
                throw failure
            } catch {
                throw Failure(cannotRead: "-", error)
            }
        }
        guard argument.hasPrefix("@") else { return argument }
        return try Files.text(String(argument.dropFirst()), atMost: maxBytes)
    }
}
