internal import Yams

extension Scenario {
    /// Bytes of a scenario file, at most.
    public static let maximumFileBytes = 256 * 1_024

    /// The bounds of what a scenario can ask for.
    enum Bounds {
        /// Members and boards take part in one meeting, which has at most 600 participants.
        static let members = 1...600
        static let displays = 0...10_000
        static let steps = 1...1_000
        static let time: ClosedRange<Duration> = .zero ... .seconds(86_400)
        static let span: ClosedRange<Duration> = .milliseconds(1) ... .seconds(86_400)
        static let rate = 0.01...10_000.0
        static let milliseconds = 0.0...600_000.0
        /// Of one meeting.
        static let polls = 200
        /// Reads and moves, all in all: each is planned beforehand, and kept until it is due.
        static let calls = 5_000_000.0
        static let nameCharacters = 1...200
        static let ballots = 1...20
        static let items = 1...50
        static let documents = 0...16
    }

    /// Reads a scenario file, which is YAML.
    ///
    /// - Throws: ``ScenarioError``, with the line and the field of what is wrong.
    public init(yaml text: String) throws(ScenarioError) {
        guard text.utf8.count <= Self.maximumFileBytes else {
            throw ScenarioError("the file has more than \(Self.maximumFileBytes) bytes")
        }
        try Self.refuseBombs(text)
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw ScenarioError(yaml: error, in: text)
        }
        guard let root else { throw ScenarioError("the file is empty") }
        var node = try ScenarioNode(root, at: "")
        try self.init(&node)
        try node.end()
        try check(node)
    }

    private init(_ node: inout ScenarioNode) throws(ScenarioError) {
        self.init(name: try node.requiredText("name", characters: Bounds.nameCharacters))
        members = try node.number("members", in: Bounds.members) ?? members
        absent = try node.number("absent", in: 0...members - 1) ?? absent
        remote = try node.number("remote", in: 0...present) ?? remote
        tablets = try node.flag("tablets") ?? tablets
        displays = try node.number("displays", in: Bounds.displays) ?? displays
        ending = try node.duration("ending", in: Bounds.time) ?? ending
        if var fields = try node.fields("agenda") {
            agenda = try Agenda(&fields)
            try fields.end()
        }
        if var fields = try node.fields("thresholds") {
            thresholds = try Thresholds(&fields)
            try fields.end()
        }
        let steps = try node.list("timeline")
        guard Bounds.steps.contains(steps.count) else {
            throw node.error(
                "timeline",
                "it has \(steps.count) steps, and has to have from 1 to \(Bounds.steps.upperBound)"
            )
        }
        for step in steps {
            timeline += try Step.repeated(step, in: self)
            try checkPart(step)
        }
        // What happens at the same time keeps its order.
        timeline = timeline.enumerated()
            .sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
    }

    /// What a step has to be together with those before it.
    private func checkPart(_ node: ScenarioNode) throws(ScenarioError) {
        guard timeline.count <= Bounds.steps.upperBound else {
            throw node.error(
                "times",
                "up to here there are \(timeline.count) steps, and a scenario has at most "
                    + "\(Bounds.steps.upperBound)"
            )
        }
        guard plannedPolls <= Bounds.polls else {
            throw node.error("poll", "a meeting has at most \(Bounds.polls) polls")
        }
        guard plannedCalls <= Bounds.calls else {
            throw node.error(
                "at",
                "up to here there are \(fixed(plannedCalls, 0)) calls of reads and presence, and a "
                    + "scenario has at most \(fixed(Bounds.calls, 0))"
            )
        }
    }

    /// Reads, and members who move.
    private var plannedCalls: Double {
        timeline.reduce(0) { sum, step in
            switch step.action {
            case .reads(let reads): sum + reads.perSecond * reads.duration.inSeconds
            case .presence(let presence): sum + presence.perSecond * presence.duration.inSeconds
            default: sum
            }
        }
    }

    /// What the fields have to be together.
    private func check(_ node: ScenarioNode) throws(ScenarioError) {
        let boards = Self.boardDevices(displays)
        guard members + boards <= Bounds.members.upperBound else {
            throw node.error(
                "displays",
                "\(members) members and \(boards) devices of boards are more than the "
                    + "\(Bounds.members.upperBound) participants that a meeting may have"
            )
        }
    }

    /// Words that look like aliases of YAML, `*name`, at most.
    ///
    /// An alias stands for something that may have aliases in itself: so a few lines can be a value that
    /// no computer ever comes to the end of. With this few of them none is.
    static let maximumAliases = 10

    private static func refuseBombs(_ text: String) throws(ScenarioError) {
        var aliases = 0
        var line = 1
        var previous = UInt8(ascii: "\n")
        for byte in text.utf8 {
            let isAtStart = " \t\r\n[]{},:?-".utf8.contains(previous)
            if byte == UInt8(ascii: "*"), isAtStart { aliases += 1 }
            guard aliases <= maximumAliases else {
                throw ScenarioError(
                    line: line,
                    "there are more than \(maximumAliases) aliases («*name»); write out what they "
                        + "stand for"
                )
            }
            if byte == UInt8(ascii: "\n") { line += 1 }
            previous = byte
        }
    }

    /// Boards that connect with the same certificate: fewer than a server allows to one.
    public static let displaysOfDevice = 60

    /// The devices of a number of boards.
    public static func boardDevices(_ displays: Int) -> Int {
        (displays + displaysOfDevice - 1) / displaysOfDevice
    }
}

extension Scenario.Agenda {
    fileprivate init(_ node: inout ScenarioNode) throws(ScenarioError) {
        items = try node.number("items", in: Scenario.Bounds.items) ?? items
        documents = try node.number("documents", in: Scenario.Bounds.documents) ?? documents
        documentBytes =
            try node.number("document_bytes", in: 1...Int(UInt32.max)) ?? documentBytes
    }
}

extension Thresholds {
    fileprivate init(_ node: inout ScenarioNode) throws(ScenarioError) {
        let range = Scenario.Bounds.milliseconds
        voteP50Ms = try node.decimal("vote_p50_ms", in: range)
        voteP99Ms = try node.decimal("vote_p99_ms", in: range)
        deliveryP99Ms = try node.decimal("delivery_p99_ms", in: range)
        readP99Ms = try node.decimal("read_p99_ms", in: range)
        returnMs = try node.decimal("return_ms", in: range)
        errors = try node.number("errors", in: 0...Int(UInt32.max)) ?? errors
        lateSendsPercent =
            try node.decimal("late_sends_percent", in: 0...100) ?? lateSendsPercent
    }
}

extension Scenario.Step {
    private static let actions = ["poll", "reads", "presence", "drop", "stall", "restart"]

    /// A step, as often as it says.
    fileprivate static func repeated(
        _ node: ScenarioNode,
        in scenario: Scenario
    ) throws(ScenarioError) -> [Self] {
        var node = node
        let times = try node.number("times", in: Scenario.Bounds.steps)
        let every = try node.duration("every", in: Scenario.Bounds.span)
        let step = try Self(node, in: scenario)
        guard (times == nil) == (every == nil) else {
            throw node.error(
                times == nil ? "times" : "every",
                "the field is missing: a step that is repeated has «every» and «times»"
            )
        }
        let steps = (0..<(times ?? 1)).map { number in
            Self(at: step.at + (every ?? .zero) * number, step.action)
        }
        if let last = steps.last, !Scenario.Bounds.time.contains(last.at) {
            throw node.error(
                "times",
                "the last of them is at \(last.at.scenarioText), and a rehearsal lasts at most "
                    + Scenario.Bounds.time.upperBound.scenarioText
            )
        }
        return steps
    }

    private init(
        _ node: consuming ScenarioNode,
        in scenario: Scenario
    ) throws(ScenarioError) {
        at = try node.requiredDuration("at", in: Scenario.Bounds.time)
        let named = node.names.filter { Self.actions.contains($0) }
        guard let name = named.first, named.count == 1 else {
            // Who has slipped with the pen is told of the word that is none.
            for name in Self.actions { _ = try? node.fields(name) }
            try node.end()
            throw node.error(
                named.last ?? "",
                "a step has one of " + Self.actions.joined(separator: ", ")
            )
        }
        guard var fields = try node.fields(name) else { preconditionFailure("it has the field") }
        switch name {
        case "poll": action = .poll(try Scenario.Poll(&fields, in: scenario))
        case "reads": action = .reads(try Scenario.Reads(&fields))
        case "presence": action = .presence(try Scenario.Presence(&fields))
        case "drop": action = .drop(try Scenario.Drop(&fields))
        case "stall": action = .stall(try Scenario.Stall(&fields, in: scenario))
        default: action = .restart(try Scenario.Restart(&fields))
        }
        try fields.end()
        try node.end()
    }
}

/// How arrivals are written.
private enum ArrivalWord: String, CaseIterable {
    case allAtOnce = "all_at_once"
    case spread
    case poisson
}

extension Scenario.Poll {
    fileprivate init(
        _ node: inout ScenarioNode,
        in scenario: Scenario
    ) throws(ScenarioError) {
        let word = try node.choice("arrival", of: ArrivalWord.self) ?? .allAtOnce
        let over = try node.duration("over", in: Scenario.Bounds.span)
        switch (word, over) {
        case (.allAtOnce, nil): arrival = .allAtOnce
        case (.allAtOnce, _):
            throw node.error("over", "it belongs to the arrivals spread and poisson")
        case (_, nil):
            throw node.error("over", "the field is missing: the time over which the ballots arrive")
        case (.spread, let over?): arrival = .spread(over)
        case (.poisson, let over?): arrival = .poisson(over)
        }
        voters = try node.number("voters", in: 1...scenario.present)
        ballots = try node.number("ballots", in: Scenario.Bounds.ballots) ?? ballots
    }
}

extension Scenario.Reads {
    fileprivate init(_ node: inout ScenarioNode) throws(ScenarioError) {
        self.init(
            perSecond: try node.requiredDecimal("per_second", in: Scenario.Bounds.rate),
            duration: try node.requiredDuration("for", in: Scenario.Bounds.span)
        )
        switch try node.choice("arrival", of: ArrivalWord.self) ?? .poisson {
        case .allAtOnce:
            throw node.error("arrival", "reads are spread or poisson")
        case .spread: isPoisson = false
        case .poisson: isPoisson = true
        }
    }
}

extension Scenario.Presence {
    fileprivate init(_ node: inout ScenarioNode) throws(ScenarioError) {
        self.init(
            perSecond: try node.requiredDecimal("per_second", in: Scenario.Bounds.rate),
            duration: try node.requiredDuration("for", in: Scenario.Bounds.span)
        )
    }
}

extension Scenario.Drop {
    fileprivate init(_ node: inout ScenarioNode) throws(ScenarioError) {
        who = try node.choice("who") ?? who
        share = try node.decimal("share", in: 0.001...1) ?? share
        away = try node.duration("away", in: Scenario.Bounds.time) ?? away
        forget = try node.flag("forget") ?? forget
    }
}

extension Scenario.Stall {
    fileprivate init(
        _ node: inout ScenarioNode,
        in scenario: Scenario
    ) throws(ScenarioError) {
        guard
            let displays = try node.number("displays", in: 1...Scenario.Bounds.displays.upperBound)
        else { throw node.error("displays", "the field is missing") }
        guard displays <= scenario.displays else {
            throw node.error(
                "displays",
                "it is \(displays), and the scenario has \(scenario.displays) displays"
            )
        }
        self.init(
            displays: displays,
            duration: try node.requiredDuration("for", in: Scenario.Bounds.span)
        )
    }
}

extension Scenario.Restart {
    fileprivate init(_ node: inout ScenarioNode) throws(ScenarioError) {
        way = try node.choice("way") ?? way
    }
}

extension ScenarioError {
    /// What is wrong with the YAML itself.
    fileprivate init(yaml error: any Error, in text: String) {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self.init(line: mark.line, "it is no YAML: \(problem)")
        case .reader(let problem, let offset, _, _):
            let before = offset.map { text.prefix($0) }
            self.init(
                line: before.map { $0.utf8.count { $0 == UInt8(ascii: "\n") } + 1 },
                "it is no YAML: \(problem)"
            )
        case .duplicatedKeysInMapping(let duplicates, let context):
            let names = duplicates.map { printable($0, atMost: 60) }.joined(separator: ", ")
            self.init(line: context.mark.line, "a field is there twice: \(names)")
        case .memory: self.init("there is not enough memory to read it")
        default: self.init("it is no YAML")
        }
    }
}
