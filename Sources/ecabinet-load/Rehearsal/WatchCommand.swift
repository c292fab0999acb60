import ArgumentParser
import CabinetLoad
import CommandSupport

/// Rehearses those who follow a meeting.
struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Has many follow a meeting in which members vote, and measures when they see it.",
        discussion: """
            A rehearsal without a file: --followers follow a meeting while its members vote, \
            --votes-per-second together, for --duration seconds in all. Where that is more than fits one \
            poll, two seconds without votes lie between polls. What is \
            measured is the time from the first that is heard of a ballot that is durable, its answer or its \
            event at anybody, to its event at each of the followers. See «ecabinet-load help meeting».

            \(Failure.documentation)
            """
    )

    @Option(help: ArgumentHelp("Those who follow the meeting.", valueName: "number"))
    var followers = 100

    @Option(help: ArgumentHelp("Members, who vote.", valueName: "number"))
    var members = 27

    @Option(help: ArgumentHelp("Ballots of all members together.", valueName: "number"))
    var votesPerSecond = 10.0

    @Option(help: ArgumentHelp("How long members vote.", valueName: "seconds"))
    var duration = 10.0

    @Option(
        help: ArgumentHelp(
            "The p99 in milliseconds, of a delivery, that is good enough.",
            valueName: "number"
        )
    )
    var p99: Double?

    @OptionGroup
    var options: RehearsalOptions

    func validate() throws {
        try Self.validate(followers: followers, members: members)
        guard (0.1...10_000).contains(votesPerSecond), (1...86_400).contains(duration) else {
            throw ValidationError(
                "--votes-per-second is a number from 0.1 to 10000, --duration from 1 to 86400."
            )
        }
        guard polls.count <= Assembly.maximumPolls else {
            throw ValidationError(
                "That would be \(polls.count) polls, and a meeting has at most \(Assembly.maximumPolls):"
                    + " take more members, fewer votes or less time."
            )
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

    /// In each poll everybody votes as often as it may, at the rate that is asked for.
    private var polls: [Scenario.Poll] {
        var left = max(1, Int((votesPerSecond * duration).rounded()))
        var polls: [Scenario.Poll] = []
        while left > 0, polls.count <= Assembly.maximumPolls {
            var poll = Scenario.Poll()
            poll.voters = min(left, members)
            poll.ballots = min(Assembly.maximumBallots, max(1, left / members))
            let count = min(left, members) * poll.ballots
            poll.arrival = .spread(.seconds(Double(count) / votesPerSecond))
            left -= count
            polls.append(poll)
        }
        return polls
    }

    private var scenario: Scenario {
        var timeline: [Scenario.Step] = []
        var at = Duration.zero
        for poll in polls {
            timeline.append(.init(at: at, .poll(poll)))
            at += Scenario.Poll.lead + poll.arrival.duration + .seconds(1)
        }
        var scenario = Scenario(
            name: "\(followers) follow, \(votesPerSecond) votes a second",
            timeline: timeline
        )
        scenario.members = members
        scenario.displays = followers
        scenario.thresholds.deliveryP99Ms = p99
        return scenario
    }
}
