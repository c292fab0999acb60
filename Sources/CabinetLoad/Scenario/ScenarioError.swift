/// Why a scenario file is none: where, and what is wrong there.
public struct ScenarioError: Error, Sendable, Hashable, CustomStringConvertible {
    /// From 1; `nil` where it is not of one line.
    public var line: Int?
    /// As «timeline[2].poll.over»; empty where it is not of one field.
    public var field: String
    public var problem: String

    public init(line: Int? = nil, field: String = "", _ problem: String) {
        self.line = line
        self.field = field
        self.problem = problem
    }

    public var description: String {
        let place = [line.map { "line \($0)" }, field.isEmpty ? nil : "«\(field)»"].compactMap {
            $0
        }
        return (place + [problem]).joined(separator: ": ")
    }
}
