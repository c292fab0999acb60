/// Why the generator refuses a schema or its own options. protoc prints it.
public struct CodegenError: Error, Hashable, CustomStringConvertible {
    /// Where in the schema; `nil` where the problem is elsewhere.
    public let place: SourcePlace?
    /// What is wrong and what to do, in one sentence.
    public let message: String

    public init(_ message: String, at place: SourcePlace? = nil) {
        self.place = place
        self.message = message
    }

    public var description: String {
        guard let place else { return message }
        return "\(place.file):\(place.line):\(place.column): \(message)"
    }
}
