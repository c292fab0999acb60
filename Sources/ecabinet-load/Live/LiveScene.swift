import CabinetAPI
import CabinetCodec
import CabinetModel
import CabinetRPC
import CabinetTLS
import CommandSupport
import Foundation
import NIOCore
import NIOPosix

/// A meeting that is open on a running server, with those who may follow it.
final class LiveScene {
    /// Calls of the secretary's device under way.
    private static let callsAtOnce = 16
    private static let largeItem = "papers"

    let server: Server
    let devices: Devices
    let assembly: Assembly
    let group: FollowerGroup
    private let address: SocketAddress
    /// Of the devices of wall boards.
    private let files: [TLSFiles]
    private let folder: URL
    private let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private var checkIns = 0

    /// Puts people into the directory, has the devices of members connect, and opens a meeting.
    ///
    /// - Parameter followerCount: How many may follow at once.
    init(
        _ server: Server,
        _ pki: ThrowawayPKI,
        tag: String,
        members: Int,
        followerCount: Int
    ) async throws {
        self.server = server
        let ofIdentity = FollowerGroup.followersOfIdentity
        let population = try Population(
            memberCount: members,
            displayCount: (followerCount + ofIdentity - 1) / ofIdentity,
            tag: tag,
            knownTo: try TrialAuthority(pki)
        )
        let administrator = server.client(
            try Failure.wrongFile { () throws(TLSConfigurationError) in
                try TLSClientContext(pki.files(of: "client"))
            }
        )
        devices = Devices(of: population, server)
        address = try SocketAddress(ipAddress: server.address.host, port: server.address.port)
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
        do {
            try await Server.connect(administrator)
            try await population.enter(by: administrator)
            await administrator.close()
            try await devices.connect()
            assembly = try await Assembly(
                of: population,
                try MeetingID("\(tag)-live"),
                showing: .named,
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
        try await group.add(
            count,
            to: address,
            as: files,
            request: FollowMeetingRequest(
                meetingID: assembly.meeting.text,
                audience: .display
            ).serialized(),
            haveSmallBuffers: haveSmallBuffers,
            generator: &generator
        )
    }

    // MARK: - Events

    private var service: MeetingService.Client { MeetingService.Client(devices.secretary) }

    /// Commits an entry: somebody moves to another place.
    func publishSmall() async throws {
        checkIns += 1
        let members = devices.population.members
        _ = try await service.checkIn(
            CheckInRequest(
                meetingID: assembly.meeting.text,
                principalID: members[checkIns % members.count].id,
                place: (checkIns / members.count).isMultiple(of: 2) ? .remote : .room
            )
        )
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
