internal import Yams

/// A mapping of a scenario file, which knows where it is, and what of it has been read.
///
/// A field that nobody has read is one that does not exist, most likely a slip of the pen, and not to be
/// passed over: the rehearsal would be another one than its author thinks.
struct ScenarioNode {
    private let mapping: Node.Mapping
    private let path: String
    private let line: Int?
    private var read: Set<String> = []

    /// - Parameter path: Of the mapping itself; empty for that of the whole file.
    init(_ node: Node, at path: String) throws(ScenarioError) {
        guard case .mapping(let mapping) = node else {
            throw ScenarioError(
                line: node.mark?.line,
                field: path,
                "this has to be fields with values, as «members: 27»"
            )
        }
        self.mapping = mapping
        self.path = path
        line = node.mark?.line
        for (key, _) in mapping where key.string == nil {
            throw ScenarioError(line: key.mark?.line, field: path, "the name of a field is a word")
        }
    }

    /// What went wrong with a field.
    func error(_ name: String, _ problem: String) -> ScenarioError {
        ScenarioError(
            line: mapping[Node(name)]?.mark?.line ?? line,
            field: field(name),
            problem
        )
    }

    func field(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    var names: [String] { mapping.keys.compactMap(\.string) }

    // MARK: - Fields

    private mutating func node(_ name: String) -> Node? {
        read.insert(name)
        return mapping[Node(name)]
    }

    private func required<Value>(_ value: Value?, _ name: String) throws(ScenarioError) -> Value {
        guard let value else { throw error(name, "the field is missing") }
        return value
    }

    mutating func text(_ name: String) throws(ScenarioError) -> String? {
        guard let node = node(name) else { return nil }
        guard case .scalar(let scalar) = node else {
            throw error(name, "it has to be a single value")
        }
        return scalar.string
    }

    /// A text for people.
    mutating func requiredText(
        _ name: String,
        characters: ClosedRange<Int>
    ) throws(ScenarioError) -> String {
        let text = try required(try text(name), name)
        guard characters.contains(text.count) else {
            throw error(
                name,
                "it has to have from \(characters.lowerBound) to \(characters.upperBound) characters"
            )
        }
        return text
    }

    mutating func number(
        _ name: String,
        in range: ClosedRange<Int>
    ) throws(ScenarioError) -> Int? {
        guard let text = try text(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw error(
                name,
                "it is «\(shown(text))», and has to be a whole number from \(range.lowerBound) to "
                    + "\(range.upperBound)"
            )
        }
        return number
    }

    mutating func decimal(
        _ name: String,
        in range: ClosedRange<Double>
    ) throws(ScenarioError) -> Double? {
        guard let text = try text(name) else { return nil }
        guard let number = Double(text), range.contains(number) else {
            throw error(
                name,
                "it is «\(shown(text))», and has to be a number from \(range.lowerBound) to "
                    + "\(range.upperBound)"
            )
        }
        return number
    }

    mutating func requiredDecimal(
        _ name: String,
        in range: ClosedRange<Double>
    ) throws(ScenarioError) -> Double {
        try required(try decimal(name, in: range), name)
    }

    mutating func flag(_ name: String) throws(ScenarioError) -> Bool? {
        guard let text = try text(name) else { return nil }
        switch text {
        case "true": return true
        case "false": return false
        default: throw error(name, "it is «\(shown(text))», and has to be true or false")
        }
    }

    /// One of some words.
    mutating func choice<Value: RawRepresentable<String> & CaseIterable>(
        _ name: String,
        of type: Value.Type = Value.self
    ) throws(ScenarioError) -> Value? {
        guard let text = try text(name) else { return nil }
        guard let value = Value(rawValue: text) else {
            let words = Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw error(name, "it is «\(shown(text))», and has to be one of \(words)")
        }
        return value
    }

    mutating func duration(
        _ name: String,
        in range: ClosedRange<Duration>
    ) throws(ScenarioError) -> Duration? {
        guard let text = try text(name) else { return nil }
        guard let duration = Duration(scenarioText: text) else {
            throw error(name, "it is «\(shown(text))», and has to be a time as 500ms, 1.5s or 23m")
        }
        guard range.contains(duration) else {
            throw error(
                name,
                "it is «\(shown(text))», and has to be from \(range.lowerBound.scenarioText) to "
                    + range.upperBound.scenarioText
            )
        }
        return duration
    }

    mutating func requiredDuration(
        _ name: String,
        in range: ClosedRange<Duration>
    ) throws(ScenarioError) -> Duration {
        try required(try duration(name, in: range), name)
    }

    mutating func fields(_ name: String) throws(ScenarioError) -> ScenarioNode? {
        guard let node = node(name) else { return nil }
        // «poll:» with nothing after it is one in which everything is as usual.
        if case .scalar(let scalar) = node, scalar.string.isEmpty, scalar.style == .plain {
            let empty = Node.mapping(Node.Mapping([], .implicit, .any, scalar.mark))
            return try ScenarioNode(empty, at: field(name))
        }
        return try ScenarioNode(node, at: field(name))
    }

    /// The mappings of a list.
    mutating func list(_ name: String) throws(ScenarioError) -> [ScenarioNode] {
        guard let node = node(name) else { throw error(name, "the field is missing") }
        guard case .sequence(let sequence) = node else {
            throw error(name, "it has to be a list, each of whose entries begins with «- »")
        }
        var nodes: [ScenarioNode] = []
        for (index, element) in sequence.enumerated() {
            nodes.append(try ScenarioNode(element, at: "\(field(name))[\(index)]"))
        }
        return nodes
    }

    /// - Throws: ``ScenarioError`` where there is a field that nobody has asked for.
    func end() throws(ScenarioError) {
        for (key, _) in mapping {
            guard let name = key.string, !read.contains(name) else { continue }
            let known = read.sorted().joined(separator: ", ")
            throw ScenarioError(
                line: key.mark?.line,
                field: field(shown(name)),
                "there is no such field; here there are \(known)"
            )
        }
    }
}

extension Duration {
    private static let units: [(String, Duration)] = [
        ("ms", .milliseconds(1)), ("s", .seconds(1)), ("m", .seconds(60)), ("h", .seconds(3_600)),
    ]

    /// Reads `500ms`, `1.5s`, `23m` or `1h`.
    init?(scenarioText text: String) {
        for (suffix, unit) in Self.units where text.hasSuffix(suffix) {
            let digits = text.dropLast(suffix.count)
            guard let number = Double(digits), (0...1_000_000).contains(number) else { return nil }
            self = .nanoseconds(Int64((number * (unit / .nanoseconds(1))).rounded()))
            return
        }
        return nil
    }

    /// As it is written in a scenario, from which it is read again to the nanosecond.
    var scenarioText: String {
        let nanoseconds = wholeNanoseconds
        if nanoseconds.isMultiple(of: 1_000_000_000) { return "\(nanoseconds / 1_000_000_000)s" }
        if nanoseconds < 1_000_000_000, nanoseconds.isMultiple(of: 1_000_000) {
            return "\(nanoseconds / 1_000_000)ms"
        }
        return "\(Double(nanoseconds) / 1_000_000_000)s"
    }
}

/// What somebody wrote, in a message about it.
private func shown(_ text: String) -> String { printable(text, atMost: 60) }
