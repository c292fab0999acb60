/// All that there is to say about a run.
public struct RunReport: Sendable {
    public var scenario: Scenario
    public var record: RunRecord
    public var server: ServerFigures
    /// Where the server was.
    public var target: String
    public var seed: UInt64
    /// When the timeline began, in milliseconds since 1970.
    public var startedUnixMs: Int64
    /// Processes that made the load, this one included.
    public var processes: Int
    /// The command that repeats the run, where there is one.
    public var command: String?

    public var judgement: Judgement { Judgement(of: record, in: scenario) }

    public init(
        scenario: Scenario,
        record: RunRecord,
        server: ServerFigures,
        target: String,
        seed: UInt64,
        startedUnixMs: Int64,
        processes: Int
    ) {
        self.scenario = scenario
        self.record = record
        self.server = server
        self.target = target
        self.seed = seed
        self.startedUnixMs = startedUnixMs
        self.processes = processes
    }
}
