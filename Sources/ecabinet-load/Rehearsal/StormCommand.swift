import ArgumentParser
import CabinetLoad
import CommandSupport

/// Rehearses the loss of all connections at once.
struct StormCommand: AsyncParsableCommand {
    /// Over which members vote in each round. The connections are lost in the middle of it.
    private static let voting = Duration.seconds(10)
    /// From the last vote of a round to the next round.
    private static let pause = Duration.seconds(5)

    static let configuration = CommandConfiguration(
        commandName: "storm",
        abstract: "Has everybody lose their connections at once in a vote, and come back.",
        discussion: """
            A rehearsal without a file: --followers follow a meeting of --members. In each of --rounds the \
            members vote, spread over ten seconds, and in the middle of it all connections end without a \
            word, those of members as well, and everybody is back as soon as the server takes it. What is \
            measured is how long each is away, and what votes take meanwhile. See \
            «ecabinet-load help meeting».

            \(Failure.documentation)
            """
    )

    @Option(help: ArgumentHelp("Those who follow the meeting.", valueName: "number"))
    var followers = 500

    @Option(help: ArgumentHelp("Members, who vote.", valueName: "number"))
    var members = 27

    @Option(help: ArgumentHelp("How often all connections are lost.", valueName: "number"))
    var rounds = 3

    @Flag(
        help: ArgumentHelp(
            "Followers have forgotten what they had, as programs that were started anew."
        )
    )
    var forget = false

    @Option(
        help: ArgumentHelp(
            "Milliseconds that the last may take to come back.",
            valueName: "number"
        )
    )
    var returnMs: Double?

    @OptionGroup
    var options: RehearsalOptions

    func validate() throws {
        try Self.validate(followers: followers, members: members)
        guard (1...Assembly.maximumPolls).contains(rounds) else {
            throw ValidationError("--rounds is a number from 1 to \(Assembly.maximumPolls).")
        }
        if let returnMs, !(0...600_000).contains(returnMs) {
            throw ValidationError("--return-ms is a number of milliseconds from 0 to 600000.")
        }
    }

    func run() async throws {
        try await Failure.reporting {
            try await RehearsalRun(scenario: scenario, options: options).run()
        }
    }

    private var scenario: Scenario {
        var poll = Scenario.Poll()
        poll.arrival = .spread(Self.voting)
        var drop = Scenario.Drop()
        drop.forget = forget
        let interval = Scenario.Poll.lead + Self.voting + Self.pause
        var scenario = Scenario(
            name: "\(followers) and \(members) lose their connections",
            timeline: (0..<rounds).flatMap { round -> [Scenario.Step] in
                let begin = interval * round
                return [
                    .init(at: begin, .poll(poll)),
                    .init(at: begin + Scenario.Poll.lead + Self.voting / 2, .drop(drop)),
                ]
            }
        )
        scenario.members = members
        scenario.displays = followers
        scenario.thresholds.returnMs = returnMs
        return scenario
    }
}

extension AsyncParsableCommand {
    /// Looks whether so many can take part in one meeting.
    static func validate(followers: Int, members: Int) throws {
        guard (1...10_000).contains(followers), Assembly.members.contains(members) else {
            throw ValidationError(
                "--followers is a number from 1 to 10000, --members from 1 to "
                    + "\(Assembly.members.upperBound)."
            )
        }
        guard members + Scenario.boardDevices(followers) <= Assembly.members.upperBound else {
            throw ValidationError(
                "A meeting has at most \(Assembly.members.upperBound) participants: each "
                    + "\(Scenario.displaysOfDevice) followers are one."
            )
        }
    }
}
