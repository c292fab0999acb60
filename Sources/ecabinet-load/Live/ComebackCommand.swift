import ArgumentParser
import CommandSupport
import Histogram
import NIOCore

/// Has followers lose their connections all at once, over and over, as scripts/bench does.
struct ComebackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "comeback",
        abstract: "Has followers of a meeting lose their connections all at once, and return.",
        discussion: """
            --followers follow a meeting while its members vote, --votes-per-second together. In each round \
            all followers lose their connections at once, and connect again, with the session of TLS that \
            they had and from the event that they had last; in the second half of the round they \
            have forgotten it, as programs that were started anew, and begin with a snapshot. Who is refused \
            or closed tries again as the client library does. It measures until all are live, and what the \
            votes take meanwhile and in a poll without a storm.

            It wants the server's process on this machine; «ecabinet-load storm» does not, and says go or no go.

            The folder of --pki is that of a throw-away authority, as for saturate.

            With --json one object goes to standard output:
              followers, rounds, votes_per_second     what was asked for
              quiet_vote_us             latencies of votes without a storm
              resuming, anew            of the two kinds of storm:
                live_ms                 until all were live, in each
                live_us                 until each was live, over all
                votes, vote_us          votes meanwhile, and their latencies
                connections, resumed    that were made, and those of them with a session resumed
                losses                  connections that were refused or closed again
                snapshots, different_snapshots    that arrived, and how many sequence numbers they had
                resident_kib_before, _peak, _after   the server's memory, at most

            \(Failure.documentation)
            """
    )

    @OptionGroup
    var options: LiveOptions

    @Option(help: ArgumentHelp("Followers.", valueName: "number"))
    var followers = 2_000

    @Option(help: ArgumentHelp("Rounds.", valueName: "number"))
    var rounds = 3

    @Option(help: ArgumentHelp("Votes a second, all the time.", valueName: "number"))
    var votesPerSecond = 10

    @Option(help: ArgumentHelp("Seconds for which members vote in a poll.", valueName: "number"))
    var pollSeconds = 10

    func validate() throws {
        guard (1...10_000).contains(followers), (1...1_000).contains(rounds) else {
            throw ValidationError(
                "--followers is a number from 1 to 10000, --rounds from 1 to 1000."
            )
        }
        guard (1...10_000).contains(votesPerSecond) else {
            throw ValidationError("--votes-per-second is a number from 1 to 10000.")
        }
        guard (1...600).contains(pollSeconds) else {
            throw ValidationError("--poll-seconds is a number from 1 to 600.")
        }
    }

    func run() async throws {
        try await Failure.reporting {
            let report = try await options.inScene(followerCount: followers, "comeback", measure)
            Output.say(options.json ? try report.jsonLine : report.text)
        }
    }

    private func measure(
        _ scene: LiveScene,
        _ generator: SeededGenerator
    ) async throws -> ComebackReport {
        let test = ComebackTest(
            scene,
            followers: followers,
            votesPerSecond: votesPerSecond,
            pollDuration: .seconds(pollSeconds),
            options.memory,
            generator
        )
        try await test.prepare()
        // What is done for the first time takes longer.
        _ = try await test.quiet()
        var quiet: [Duration] = []
        var resuming: [ComebackTest.Storm] = []
        var anew: [ComebackTest.Storm] = []
        for number in 1...rounds {
            quiet += try await test.quiet()
            resuming.append(try await test.storm(hasForgotten: false))
            anew.append(try await test.storm(hasForgotten: true))
            Output.complain("round \(number) of \(rounds)")
        }
        return ComebackReport(
            followers: followers,
            rounds: rounds,
            votesPerSecond: votesPerSecond,
            quietVoteUs: LatencyReport(.of(quiet)),
            resuming: ComebackReport.Kind(resuming),
            anew: ComebackReport.Kind(anew)
        )
    }
}

/// The figures of storms, for a reader or for a program.
struct ComebackReport: Encodable {
    struct Kind: Encodable {
        let liveMs: [Double]
        let liveUs: LatencyReport
        let voteUs: LatencyReport
        let votes: Int
        let connections: Int
        let resumed: Int
        let losses: Int
        let snapshots: Int
        let differentSnapshots: Int
        let residentKibBefore: Int
        let residentKibPeak: Int
        let residentKibAfter: Int

        init(_ storms: [ComebackTest.Storm]) {
            func sum(_ count: (ComebackTest.Storm) -> Int) -> Int { storms.map(count).reduce(0, +) }
            func most(_ count: (ComebackTest.Storm) -> Int) -> Int { storms.map(count).max() ?? 0 }
            liveMs = storms.map { inTenths($0.duration / .milliseconds(1)) }
            var live = Histogram<UInt64>.deliveries
            for storm in storms {
                for comeBack in storm.group.returns {
                    live.record(UInt64(Swift.max(0, comeBack.after.nanoseconds)))
                }
            }
            liveUs = LatencyReport(live)
            voteUs = LatencyReport(.of(storms.flatMap(\.votes)))
            votes = sum(\.votes.count)
            connections = sum(\.group.connections)
            resumed = sum(\.group.resumed)
            losses = sum(\.group.losses)
            snapshots = sum(\.group.snapshots)
            differentSnapshots = sum(\.group.snapshotSequences.count)
            residentKibBefore = most(\.memoryBefore)
            residentKibPeak = most(\.memoryPeak)
            residentKibAfter = most(\.memoryAfter)
        }

        var text: String {
            """
            all live after ms: \(liveMs.map { "\($0)" }.joined(separator: ", "))
            each live: \(liveUs.text)
            \(votes) votes meanwhile: \(voteUs.text)
            \(connections) connections, \(resumed) with a session resumed; \(losses) refused or closed
            \(snapshots) snapshots, \(differentSnapshots) of them different
            server: \(residentKibBefore) KiB, \(residentKibPeak) at most, \(residentKibAfter) after
            """
        }
    }

    let followers: Int
    let rounds: Int
    let votesPerSecond: Int
    let quietVoteUs: LatencyReport
    let resuming: Kind
    let anew: Kind

    var text: String {
        """
        \(followers) followers, \(votesPerSecond) votes a second; without a storm: \(quietVoteUs.text)

        They return to where they were:
        \(resuming.text)

        They begin anew:
        \(anew.text)
        """
    }
}

extension Histogram<UInt64> {
    fileprivate static func of(_ durations: [Duration]) -> Histogram<UInt64> {
        var histogram = deliveries
        for duration in durations {
            histogram.record(UInt64(Swift.max(0, duration / .nanoseconds(1))))
        }
        return histogram
    }
}
