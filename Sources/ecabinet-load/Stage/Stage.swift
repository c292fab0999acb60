import CabinetAPI
import CabinetCodec
import CabinetModel
import CabinetRPC
import Foundation

/// A meeting that others follow and vote in, with programs that are not ours: what they need is in files.
final class Stage {
    /// What the names of files begin with.
    private static let followerName = "subscriber"
    private static let carrierName = "carrier"

    private let population: Population
    private let secretary: RPCClient
    private let auditor: RPCClient
    private let tag: String
    private let folder: URL
    private var generator: SeededGenerator
    private var assembly: Assembly?
    private var pollCount = 0
    /// The poll that is open.
    private var poll: PollID?

    init(
        _ population: Population,
        secretary: RPCClient,
        auditor: RPCClient,
        tag: String,
        folder: URL,
        generator: SeededGenerator
    ) {
        self.population = population
        self.secretary = secretary
        self.auditor = auditor
        self.tag = tag
        self.folder = folder
        self.generator = generator
    }

    /// Prepares the meeting, and writes who may follow it, with what request, and who may carry ballots.
    func prepare() async throws {
        let meeting = try MeetingID("\(tag)-stage")
        assembly = try await Assembly(
            of: population.participants,
            meeting,
            showing: .named,
            secretary: secretary,
            auditor: auditor
        )
        for (index, display) in population.displays.enumerated() {
            _ = try display.device.write(to: folder, as: "\(Self.followerName)-\(index)")
        }
        _ = try population.members.first?.device.write(to: folder, as: Self.carrierName)
        let request = FollowMeetingRequest(meetingID: meeting.text, audience: .display)
        try write(request.serialized(), as: "follow")
    }

    /// Closes the poll that is open, opens another one, and writes ballots for it: for each its idempotency
    /// key, the length of its request in four bytes, and the request.
    ///
    /// - Returns: How many there are.
    func nextPoll() async throws -> Int {
        guard let assembly else { preconditionFailure("it was not prepared") }
        guard pollCount < Assembly.maximumPolls else {
            throw Failure(.requestsFailed, "the meeting has had all polls that it may have")
        }
        if let poll { _ = try await assembly.closePoll(poll) }
        pollCount += 1
        let next = try PollID("poll-\(pollCount)")
        let opened = try await assembly.openPoll(next)
        poll = next
        var ballots: [UInt8] = []
        // As they come in a vote: one of each member, and then, for some time, second thoughts.
        for revision in 1...Assembly.maximumBallots {
            for member in population.members {
                ballots += try await ballot(of: member, UInt32(revision), in: opened)
            }
        }
        try write(ballots, as: "ballots")
        return Assembly.maximumBallots * population.members.count
    }

    private func ballot(
        of member: Person,
        _ revision: UInt32,
        in poll: OpenPoll
    ) async throws -> [UInt8] {
        let key = IdempotencyKey.random(using: &generator).bytes
        let choice = CabinetModel.Choice.allCases.randomElement(using: &generator) ?? .yes
        let signed = try await member.sign(choice, Revision(revision), BallotID(key), in: poll)
        let request = CastBallotRequest(ballot: signed).serialized()
        let length = withUnsafeBytes(of: UInt32(request.count).bigEndian) { Array($0) }
        return key + length + request
    }

    private func write(_ bytes: [UInt8], as name: String) throws {
        try Data(bytes).write(to: folder.appending(path: name))
    }
}
