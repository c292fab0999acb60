import CabinetAPI
import CabinetCodec
import CabinetLoad
import CabinetModel
import CabinetRPC
import CabinetTLS
import CommandSupport
import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// Those who take part in a meeting and have their devices in this process: members who vote, and whoever
/// follows. It is all of them, or this process's share.
final class Crowd: Sendable {
    /// Addresses of the loopback that the followers of one process come from, at most.
    private static let addressesOfShare = 84

    let server: Server
    let scenario: Scenario
    let share: Share
    let people: People
    let group: FollowerGroup
    private let devices: VotingDevices
    /// Those who are there to vote, by their numbers.
    private let votersByNumber: [Int: Voter]
    /// Where each follower is in the group, by its number.
    private let places: [Int: Int]
    private let address: SocketAddress
    /// Of the devices of wall boards.
    private let files: [TLSFiles]
    private let folder: URL
    private let loops: MultiThreadedEventLoopGroup
    /// Boards that were added.
    private let boardCount = Atomic<Int>(0)

    /// Makes the people of a share, who are not in the directory yet.
    ///
    /// - Parameters:
    ///   - scenario: Who takes part. What happens is not looked at.
    ///   - tag: What their identifiers begin with.
    init(
        _ server: Server,
        _ pki: ThrowawayPKI,
        tag: String,
        _ scenario: Scenario,
        _ share: Share = .whole
    ) throws {
        self.server = server
        self.scenario = scenario
        self.share = share
        people = try People(
            members: scenario.members(of: share),
            displays: scenario.boardDevices(of: share),
            tag: tag,
            knownTo: try TrialAuthority(pki)
        )
        let numbers = scenario.voters(of: share)
        devices = VotingDevices(of: people.members.prefix(numbers.count), server)
        votersByNumber = Dictionary(uniqueKeysWithValues: zip(numbers, devices.voters))
        places = Dictionary(
            uniqueKeysWithValues: scenario.followers(of: share).enumerated().map {
                ($0.element, $0.offset)
            }
        )
        address = try SocketAddress.makeAddressResolvingHost(
            server.address.host,
            port: server.address.port
        )
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "ecabinet-load-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
        do {
            files = try people.displays.map { try $0.device.write(to: folder, as: $0.id) }
        } catch {
            // There are keys in it.
            try? FileManager.default.removeItem(at: folder)
            throw error
        }
        self.folder = folder
        loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        group = FollowerGroup(
            loops.next(),
            serverName: server.certifiedName ?? server.address.host,
            firstAddress: share.number * Self.addressesOfShare
        )
    }

    var executor: LoopTaskExecutor { devices.executor }
    /// In the order of their numbers.
    var voters: [Voter] { devices.voters }
    /// Who follows here.
    var followers: Range<Int> { 0..<places.count }

    /// - Returns: `nil` where the member's device is in another process.
    func voter(_ number: Int) -> Voter? { votersByNumber[number] }

    /// Which of the group some followers are, given by their numbers; others are in other processes.
    func places(of numbers: some Sequence<Int>) -> [Int] { numbers.compactMap { places[$0] } }

    /// What the server did to the followers against its word; `nil` where it kept it.
    func brokenWord() async -> String? {
        do {
            try await group.check()
            return nil
        } catch {
            return "\(error)"
        }
    }

    // MARK: - Connections

    /// Puts everybody into the directory.
    func enter(_ pki: ThrowawayPKI, with others: [Person] = []) async throws {
        let administrator = server.client(
            try Failure.wrongFile { () throws(TLSConfigurationError) in
                try TLSClientContext(pki.files(of: "client"))
            }
        )
        let outcome = await Result.of {
            try await Server.connect([administrator])
            try await People.enter(others + people.members + people.displays, by: administrator)
        }
        await administrator.close()
        try outcome.get()
    }

    /// Connects the devices of those who vote.
    ///
    /// - Parameters:
    ///   - others: To be connected as well, before them.
    ///   - pace: That of this machine's address; `nil` where the server takes them as fast as they come.
    func connect(with others: [RPCClient] = [], _ pace: ConnectionPace?) async throws {
        try await Server.connect(others + voters.map(\.client), pace)
    }

    /// Has everybody follow who was added.
    ///
    /// - Parameter pace: As for the members. On the loopback followers have addresses enough.
    func follow(_ pace: ConnectionPace?) async throws {
        let isLoopback = address.ipAddress?.hasPrefix("127.") ?? false
        try await group.follow(followers, isLoopback ? nil : pace)
    }

    /// Ends all connections.
    func close() async throws {
        try await group.close()
        await Server.close(voters.map(\.client))
        try await loops.shutdownGracefully()
        try? FileManager.default.removeItem(at: folder)
    }

    // MARK: - Followers

    /// Adds boards, who do not follow yet.
    func addBoards(
        _ count: Int,
        to meeting: MeetingID,
        haveSmallBuffers: Bool = false,
        generator: inout SeededGenerator
    ) async throws {
        let request = FollowMeetingRequest(meetingID: meeting.text, audience: .display).serialized()
        let first = boardCount.add(count, ordering: .relaxed).oldValue
        let seats = (first..<first + count).map { number in
            FollowerGroup.Seat(
                device: files[number / Scenario.displaysOfDevice],
                request: request,
                hasSmallBuffers: haveSmallBuffers
            )
        }
        try await group.add(seats, to: address, generator: &generator)
    }

    /// Adds all followers of the scenario that are here, who do not follow yet: tablets, boards, and last
    /// those of the boards that are to stop reading.
    func addFollowers(to meeting: MeetingID, generator: inout SeededGenerator) async throws {
        if scenario.tablets {
            let request = FollowMeetingRequest(meetingID: meeting.text, audience: .members)
                .serialized()
            let seats = try voters.map { voter in
                FollowerGroup.Seat(
                    device: try voter.person.device.write(to: folder, as: voter.person.id),
                    request: request
                )
            }
            try await group.add(seats, to: address, generator: &generator)
        }
        let boards = scenario.boards(of: share)
        let reading = boards.count { $0 < scenario.displays - scenario.stallingDisplays }
        try await addBoards(reading, to: meeting, generator: &generator)
        try await addBoards(
            boards.count - reading,
            to: meeting,
            haveSmallBuffers: true,
            generator: &generator
        )
    }
}
