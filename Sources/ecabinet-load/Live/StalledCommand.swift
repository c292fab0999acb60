import ArgumentParser
import CommandSupport
import Histogram

/// Has followers stop reading, and looks whether others notice.
struct StalledCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stalled",
        abstract:
            "Has followers of a meeting stop reading, beside others whom that must not slow down.",
        discussion: """
            --readers followers read all the time. In each round it measures how long events take to \
            reach each of them, from the secretary's call; then --stalled others come, stop reading, and are \
            sent more than fits into the buffers between; and it measures the same again. Then they read \
            again, and have to get everything that they lack, without a gap. In --long-rounds they stop for \
            so long that the server ends their connections: they come back, and go on from where they were.

            The stalled have small receive buffers and segments of 1,400 bytes, so that the system takes about \
            as much in their place as on a real network.

            The folder of --pki is that of a throw-away authority, as for saturate.

            With --json one object goes to standard output:
              readers, stalled, rounds, events   what was asked for
              delivery_us_without, delivery_us_with   latencies to the readers over all rounds
              p99_ratio, p99_ratios     p99 with the stalled over p99 without: the median of the rounds, \
            and each of them
              resident_kib_before, _joined, _stalled   of the server: readers alone; the others beside \
            them; when these have stopped; from the first round, before memory is used again
              kib_per_stalled           what each of the others took more
              caught_up_ms              until all had everything again, of each round
              ended, snapshots          connections that the server had ended, and snapshots in place of \
            events, over all rounds

            \(Failure.documentation)
            """
    )

    @OptionGroup
    var options: LiveOptions

    @Option(help: ArgumentHelp("Followers who read all the time.", valueName: "number"))
    var readers = 500

    @Option(help: ArgumentHelp("Followers who stop.", valueName: "number"))
    var stalled = 500

    @Option(help: ArgumentHelp("Rounds.", valueName: "number"))
    var rounds = 5

    @Option(
        help: ArgumentHelp(
            "Rounds after that, of 15 seconds more, in which the server ends connections.",
            valueName: "number"
        )
    )
    var longRounds = 1

    @Option(help: ArgumentHelp("Events in each half of a round.", valueName: "number"))
    var events = 100

    func validate() throws {
        guard (1...10_000).contains(readers), (1...10_000).contains(stalled) else {
            throw ValidationError("--readers and --stalled are numbers from 1 to 10000.")
        }
        guard (1...1_000).contains(rounds), (0...1_000).contains(longRounds) else {
            throw ValidationError("--rounds is from 1 to 1000, --long-rounds from 0 to 1000.")
        }
        guard (1...200).contains(events) else {
            throw ValidationError("--events is a number from 1 to 200.")
        }
    }

    func run() async throws {
        try await Failure.reporting {
            let report = try await options.inScene(
                followerCount: readers + stalled,
                "stalled",
                measure
            )
            Output.say(options.json ? try report.jsonLine : report.text)
        }
    }

    private func measure(
        _ scene: LiveScene,
        _ generator: SeededGenerator
    ) async throws -> StalledReport {
        var generator = generator
        let test = StalledTest(
            scene,
            readers: readers,
            stalled: stalled,
            events: events,
            options.memory
        )
        try await test.prepare(&generator)
        var report = StalledReport(readers: readers, stalled: stalled, events: events)
        for number in 1...rounds + longRounds {
            let (round, memory) = try await test.round(isLong: number > rounds)
            report.add(round, memory)
            Output.complain("round \(number) of \(rounds + longRounds)")
        }
        return report
    }
}

/// The figures of stalled followers, for a reader or for a program.
struct StalledReport: Encodable {
    let readers: Int
    let stalled: Int
    let events: Int
    private(set) var rounds = 0
    private(set) var deliveryUsWithout: LatencyReport
    private(set) var deliveryUsWith: LatencyReport
    private(set) var p99Ratio = 0.0
    private(set) var p99Ratios: [Double] = []
    private(set) var residentKibBefore = 0
    private(set) var residentKibJoined = 0
    private(set) var residentKibStalled = 0
    private(set) var kibPerStalled = 0.0
    private(set) var caughtUpMs: [Double] = []
    private(set) var ended = 0
    private(set) var snapshots = 0

    private var without: Histogram<UInt64>
    private var with: Histogram<UInt64>

    private enum CodingKeys: String, CodingKey {
        case readers, stalled, events, rounds, deliveryUsWithout, deliveryUsWith
        case p99Ratio, p99Ratios
        case residentKibBefore, residentKibJoined, residentKibStalled, kibPerStalled
        case caughtUpMs, ended, snapshots
    }

    init(readers: Int, stalled: Int, events: Int) {
        self.readers = readers
        self.stalled = stalled
        self.events = events
        without = .deliveries
        with = .deliveries
        deliveryUsWithout = LatencyReport(without)
        deliveryUsWith = LatencyReport(with)
    }

    mutating func add(_ round: StalledTest.Round, _ memory: StalledTest.Memory) {
        if rounds == 0 {
            residentKibBefore = memory.before
            residentKibJoined = memory.joined
            residentKibStalled = memory.stalled
            kibPerStalled = inTenths(Double(memory.stalled - memory.before) / Double(stalled))
        }
        rounds += 1
        without.add(round.without)
        with.add(round.with)
        deliveryUsWithout = LatencyReport(without)
        deliveryUsWith = LatencyReport(with)
        p99Ratios.append(
            Double(round.with.valueAtPercentile(99)) / Double(round.without.valueAtPercentile(99))
        )
        p99Ratio = p99Ratios.sorted()[p99Ratios.count / 2]
        caughtUpMs.append(inTenths(round.caughtUp / .milliseconds(1)))
        ended += round.ended
        snapshots += round.snapshots
    }

    var text: String {
        """
        \(readers) who read, \(events) events in each half of \(rounds) rounds
        without the stalled: \(deliveryUsWithout.text)
        with \(stalled) stalled: \(deliveryUsWith.text)
        p99 with over without: \(inHundredths(p99Ratio))
        server: \(residentKibBefore) KiB, \(residentKibJoined) with the others, \
        \(residentKibStalled) when they had stopped: \(kibPerStalled) KiB for each
        caught up, in ms: \(caughtUpMs.map { "\($0)" }.joined(separator: ", "))
        \(ended) connections ended by the server, \(snapshots) snapshots in place of events; \
        no event was missing
        """
    }
}

func inHundredths(_ value: Double) -> Double { (value * 100).rounded() / 100 }

extension Histogram<UInt64> {
    /// Of times in nanoseconds.
    static var deliveries: Histogram<UInt64> {
        Histogram(highestTrackableValue: 600_000_000_000, numberOfSignificantValueDigits: .three)
    }
}
