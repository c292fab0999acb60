import ArgumentParser
import CabinetLoad
import CommandSupport

/// Rehearses votes.
struct VoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vote",
        abstract: "Has members vote at times that are planned, and measures how long they wait.",
        discussion: """
            A rehearsal without a file: --members, each with a connection and a key of its own, vote in \
            --polls that follow one another. The ballots of a poll come all at once, or are spread over \
            --over seconds, or come at random over that time, as a Poisson process. See \
            «ecabinet-load help meeting» for what is measured; «ecabinet-load saturate» finds out how many \
            votes a server can take.

            \(Failure.documentation)
            """
    )

    /// How ballots arrive.
    enum Pattern: String, ExpressibleByArgument, CaseIterable {
        case allAtOnce = "all-at-once"
        case spread
        case poisson
    }

    @Option(help: ArgumentHelp("Members, each with a connection.", valueName: "number"))
    var members = 27

    @Option(help: ArgumentHelp("Polls, one after the other.", valueName: "number"))
    var polls = 3

    @Option(help: ArgumentHelp("Ballots of a member in a poll.", valueName: "number"))
    var ballots = 1

    @Option(help: ArgumentHelp("How the ballots of a poll come.", valueName: "pattern"))
    var arrival = Pattern.allAtOnce

    @Option(
        help: ArgumentHelp(
            "The time over which they come, where they are spread or come at random.",
            valueName: "seconds"
        )
    )
    var over: Double?

    @Option(
        help: ArgumentHelp(
            "The p99 in milliseconds, from the planned vote to its receipt, that is good enough.",
            valueName: "number"
        )
    )
    var p99: Double?

    @OptionGroup
    var options: RehearsalOptions

    func validate() throws {
        guard Assembly.members.contains(members) else {
            throw ValidationError("--members is a number from 1 to \(Assembly.members.upperBound).")
        }
        guard (1...Assembly.maximumPolls).contains(polls) else {
            throw ValidationError("--polls is a number from 1 to \(Assembly.maximumPolls).")
        }
        guard (1...Assembly.maximumBallots).contains(ballots) else {
            throw ValidationError("--ballots is a number from 1 to \(Assembly.maximumBallots).")
        }
        guard arrival != .allAtOnce || over == nil else {
            throw ValidationError("--over goes with --arrival spread or poisson.")
        }
        guard (0.001...3_600).contains(span) else {
            throw ValidationError("--over is a number of seconds from 0.001 to 3600.")
        }
        guard scenario.plannedDuration < .seconds(86_400) else {
            throw ValidationError("That would take longer than a day.")
        }
        if let p99, !(0...600_000).contains(p99) {
            throw ValidationError("--p99 is a number of milliseconds from 0 to 600000.")
        }
    }

    func run() async throws {
        try await Failure.reporting {
            try await RehearsalRun(scenario: scenario, options: options).run()
        }
    }

    private var span: Double { over ?? 10 }

    private var scenario: Scenario {
        var poll = Scenario.Poll()
        poll.ballots = ballots
        poll.arrival =
            switch arrival {
            case .allAtOnce: .allAtOnce
            case .spread: .spread(.seconds(span))
            case .poisson: .poisson(.seconds(span))
            }
        // A second for each poll to be opened, and one to be closed.
        let interval = Scenario.Poll.lead + poll.arrival.duration + .seconds(1)
        var scenario = Scenario(
            name: "\(members) members vote in \(polls) polls, \(arrival.rawValue)",
            timeline: (0..<polls).map { .init(at: interval * $0, .poll(poll)) }
        )
        scenario.members = members
        scenario.thresholds.voteP99Ms = p99
        return scenario
    }
}
