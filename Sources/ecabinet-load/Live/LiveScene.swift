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

/// A meeting that is open on a running server, with those who may follow it.
final class LiveScene: Sendable {
    /// Calls of the secretary's device under way.
    private static let callsAtOnce = 16
    private static let largeItem = "papers"

    let server: Server
    let scenario: Scenario
    let devices: Devices
    let assembly: Assembly
    let group: FollowerGroup
    private let address: SocketAddress
    /// Of the devices of wall boards.
    private let files: [TLSFiles]
    private let folder: URL
    private let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let checkIns = Atomic<Int>(0)
    /// Those that were added.
    private let followerCount = Atomic<Int>(0)

    /// Puts people into the directory, has the devices of members connect, and opens a meeting.
    ///
    /// - Parameters:
    ///   - scenario: Who takes part. What happens is not looked at.
    ///   - isPaced: Whether devices connect no faster than a server lets an address by its default settings.
    init(
        _ server: Server,
        _ pki: ThrowawayPKI,
        tag: String,
        _ scenario: Scenario,
        isPaced: Bool = true
    ) async throws {
        self.server = server
        self.scenario = scenario
        let population = try Population(
            memberCount: scenario.members,
            displayCount: Scenario.boardDevices(scenario.displays),
            tag: tag,
            knownTo: try TrialAuthority(pki)
        )
        let administrator = server.client(
            try Failure.wrongFile { () throws(TLSConfigurationError) in
                try TLSClientContext(pki.files(of: "client"))
            }
        )
        devices = Devices(of: population, present: scenario.present, server)
        address = try SocketAddress.makeAddressResolvingHost(
            server.address.host,
            port: server.address.port
        )
        folder = FileManager.default.temporaryDirectory
            .appending(path: "ecabinet-load-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
        files = try population.displays.map { [folder] in
            try $0.device.write(to: folder, as: $0.id)
        }
        group = FollowerGroup(loops.next())
        let inRoom = scenario.present - scenario.remote
        do {
            try await Server.connect(administrator)
            try await population.enter(by: administrator)
            await administrator.close()
            try await devices.connect(isPaced: isPaced)
            assembly = try await Assembly(
                of: population,
                try MeetingID("\(tag)-live"),
                showing: .named,
                agenda: scenario.agenda,
                place: { $0 >= scenario.present ? nil : $0 < inRoom ? .room : .remote },
                secretary: devices.secretary,
                auditor: devices.auditor
            )
        } catch {
            await administrator.close()
            await devices.close()
            throw error
        }
    }

    /// Ends all connections.
    func close() async throws {
        try await group.close()
        await devices.close()
        try await loops.shutdownGracefully()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Adds followers, who do not follow yet.
    func addFollowers(
        _ count: Int,
        haveSmallBuffers: Bool = false,
        generator: inout SeededGenerator
    ) async throws {
        let request = FollowMeetingRequest(
            meetingID: assembly.meeting.text,
            audience: .display
        ).serialized()
        let first = followerCount.add(count, ordering: .relaxed).oldValue
        let seats = (first..<first + count).map { number in
            FollowerGroup.Seat(
                device: files[number / Scenario.displaysOfDevice],
                request: request,
                hasSmallBuffers: haveSmallBuffers
            )
        }
        try await group.add(seats, to: address, generator: &generator)
    }

    /// Adds all followers of the scenario, who do not follow yet: tablets, boards, and last those of the
    /// boards that are to stop reading.
    func addScenarioFollowers(generator: inout SeededGenerator) async throws {
        if scenario.tablets {
            let request = FollowMeetingRequest(
                meetingID: assembly.meeting.text,
                audience: .members
            ).serialized()
            let seats = try devices.voters.map { voter in
                FollowerGroup.Seat(
                    device: try voter.person.device.write(to: folder, as: voter.person.id),
                    request: request
                )
            }
            try await group.add(seats, to: address, generator: &generator)
        }
        try await addFollowers(
            scenario.displays - scenario.stallingDisplays,
            generator: &generator
        )
        try await addFollowers(
            scenario.stallingDisplays,
            haveSmallBuffers: true,
            generator: &generator
        )
    }

    // MARK: - Events

    private var service: MeetingService.Client { MeetingService.Client(devices.secretary) }

    /// Commits an entry: somebody moves to another place.
    ///
    /// - Returns: The index of the entry.
    @discardableResult
    func publishSmall() async throws(RPCError) -> UInt64 {
        let number = checkIns.add(1, ordering: .relaxed).newValue
        let members = devices.voters
        let response = try await service.checkIn(
            CheckInRequest(
                meetingID: assembly.meeting.text,
                principalID: members[number % members.count].person.id,
                place: (number / members.count).isMultiple(of: 2) ? .remote : .room
            )
        )
        return response.commit?.firstIndex ?? 0
    }

    /// What the server did to the followers against its word; `nil` where it kept it.
    func brokenWord() async -> String? {
        do {
            try await group.check()
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// Commits entries of some 5 KiB each: an agenda item with all the documents that it may have.
    ///
    /// - Returns: The sequence number of the last of their events.
    func publishLarge(_ count: Int) async throws -> UInt64 {
        let item = AgendaItem(
            agendaItemID: Self.largeItem,
            title: "Tài liệu",
            documents: (0..<16).map { index in
                DocumentReference(
                    title: String(repeating: "t", count: 256),
                    digest: [UInt8](repeating: UInt8(index), count: 32),
                    mediaType: "application/pdf",
                    sizeBytes: 1
                )
            }
        )
        let request = SetAgendaItemRequest(
            meetingID: assembly.meeting.text,
            item: item,
            position: 1
        )
        let service = service
        try await concurrently(0..<count - 1, atMost: Self.callsAtOnce) { _ in
            _ = try await service.setAgendaItem(request)
        }
        // The newest comes last.
        let commit = try await service.setAgendaItem(request).commit
        return (commit?.firstIndex ?? 0) + UInt64(commit?.entryCount ?? 0)
    }
}
