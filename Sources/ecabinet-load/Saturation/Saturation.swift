import CabinetLocks
import CabinetModel
import CabinetRPC
import CommandSupport
import Histogram

/// Members who vote all at once, each with one ballot under way, in polls that follow one another.
final class Saturation {
    /// What came of the ballots of a round.
    struct Figures: Sendable {
        /// Nanoseconds from the cast to the verified receipt, to three digits.
        var latencies = Histogram<UInt64>(
            lowestDiscernibleValue: 1_000,
            highestTrackableValue: UInt64(Saturation.maxNanoseconds),
            numberOfSignificantValueDigits: .three
        )
        var votes = 0
        var errors = 0
        var firstError: String?
        /// From the first ballot of each poll to the last receipt, added up.
        var duration = Duration.zero
        /// Of the server's process in that time; `nil` where it is not looked at.
        var serverCPU: Duration?
    }

    /// Latencies are told apart up to here; the client's own time limit comes earlier.
    fileprivate static let maxNanoseconds = 60e9

    private let devices: Devices
    private let tag: String
    private let polls: Int
    private let ballots: Int
    private let serverProcess: ProcessClock?
    private var generator: SeededGenerator
    private var assembly: Assembly?
    private var assemblies = 0
    /// Of the assembly that sits.
    private var pollCount = 0

    /// - Parameters:
    ///   - devices: Of a population that is in the directory.
    ///   - tag: What the identifiers of its meetings begin with.
    ///   - polls: In a round.
    ///   - ballots: Of each member in a poll, one after the other, with rising revisions.
    ///   - serverProcess: The server, where its processor time is to be measured.
    init(
        devices: Devices,
        tag: String,
        polls: Int,
        ballots: Int,
        serverProcess: ProcessClock?,
        generator: SeededGenerator
    ) {
        self.devices = devices
        self.tag = tag
        self.polls = polls
        self.ballots = ballots
        self.serverProcess = serverProcess
        self.generator = generator
    }

    /// Has everybody vote. What prepares and closes the polls is not measured.
    ///
    /// - Throws: Where a poll cannot be opened or closed. Ballots that fail are counted.
    func round() async throws -> Figures {
        var figures = Figures()
        if serverProcess != nil { figures.serverCPU = .zero }
        for _ in 0..<polls {
            let assembly = try await sitting()
            pollCount += 1
            let poll = try await assembly.openPoll(try PollID("poll-\(pollCount)"))
            try await vote(in: poll, &figures)
            _ = try await assembly.closePoll(poll.poll)
        }
        return figures
    }

    /// An assembly that can have another poll.
    private func sitting() async throws -> Assembly {
        if let assembly, pollCount < Assembly.maximumPolls { return assembly }
        assemblies += 1
        pollCount = 0
        let assembly = try await Assembly(
            of: devices.population.participants,
            try MeetingID("\(tag)-\(assemblies)"),
            secretary: devices.secretary,
            auditor: devices.auditor
        )
        self.assembly = assembly
        return assembly
    }

    private func vote(in poll: OpenPoll, _ figures: inout Figures) async throws {
        let recorder = Recorder(figures)
        // Prepared before, so that everybody is ready when the time begins.
        let plans = try devices.voters.map { voter in
            (voter, try (1...ballots).map { try PlannedBallot(revision: $0, &generator) })
        }
        let cpu = try serverProcess?.now()
        let begin = ContinuousClock.now
        await withTaskGroup { group in
            for (voter, plan) in plans {
                group.addTask(executorPreference: devices.executor) {
                    for ballot in plan {
                        await recorder.measure { try await ballot.cast(voter, poll) }
                    }
                }
            }
        }
        let end = ContinuousClock.now
        let cpuAtEnd = try serverProcess?.now()
        figures = recorder.figures
        figures.duration += end - begin
        if let cpu, let cpuAtEnd {
            figures.serverCPU = (figures.serverCPU ?? .zero) + cpuAtEnd - cpu
        }
    }
}

/// A ballot that is still to be made.
struct PlannedBallot: Sendable {
    let choice: Choice
    let revision: Revision
    let id: BallotID

    init(revision: Int, _ generator: inout SeededGenerator) throws {
        choice = Choice.allCases.randomElement(using: &generator) ?? .yes
        self.revision = try Revision(UInt32(revision))
        id = try BallotID(IdempotencyKey.random(using: &generator).bytes)
    }

    func cast(_ voter: Voter, _ poll: OpenPoll) async throws {
        _ = try await voter.cast(choice, revision, id, in: poll)
    }
}

/// Counts ballots on any thread.
private final class Recorder: Sendable {
    private let state: Guarded<Saturation.Figures>

    init(_ figures: Saturation.Figures) {
        state = Guarded(figures)
    }

    var figures: Saturation.Figures { state.withLock { $0 } }

    func measure(_ cast: () async throws -> Void) async {
        let start = ContinuousClock.now
        var failure: String?
        do {
            try await cast()
        } catch {
            failure = "\(error)"
        }
        let latency = ContinuousClock.now - start
        let nanoseconds = min(latency / .nanoseconds(1), Saturation.maxNanoseconds)
        state.withLock { figures in
            figures.votes += 1
            if let failure {
                figures.errors += 1
                if figures.firstError == nil { figures.firstError = failure }
            } else {
                figures.latencies.record(UInt64(max(0, nanoseconds)))
            }
        }
    }
}
