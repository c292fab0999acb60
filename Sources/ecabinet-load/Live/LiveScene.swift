import CabinetAPI
import CabinetCodec
import CabinetLoad
import CabinetModel
import CabinetRPC
import Synchronization

/// A meeting that is open on a running server, with those who conduct it and those who may follow it.
final class LiveScene: Sendable {
    /// Calls of the secretary's device under way.
    private static let callsAtOnce = 16
    private static let largeItem = "papers"

    /// Those whose devices are in this process.
    let crowd: Crowd
    let assembly: Assembly
    private let secretary: RPCClient
    private let auditor: RPCClient
    /// The identifiers of those who are there, in whatever process.
    private let present: [String]
    private let checkIns = Atomic<Int>(0)

    /// Puts people into the directory, has the devices of members connect, and opens a meeting.
    ///
    /// - Parameters:
    ///   - scenario: Who takes part. What happens is not looked at.
    ///   - pace: That of this machine's address; `nil` where the server takes devices as fast as they come.
    ///   - agents: Processes that have a share of the people.
    init(
        _ server: Server,
        _ pki: ThrowawayPKI,
        tag: String,
        _ scenario: Scenario,
        _ pace: ConnectionPace? = ConnectionPace(),
        with agents: Agents = .none
    ) async throws {
        crowd = try Crowd(server, pki, tag: tag, scenario, agents.ownShare)
        let officers = try Population(crowd.people, tag: tag, knownTo: try TrialAuthority(pki))
        secretary = server.client(officers.secretary.tls)
        auditor = server.client(officers.auditor.tls)
        let participants = Participants(of: scenario, processes: agents.processes, tag: tag)
        present = Array(participants.members.prefix(scenario.present))
        let inRoom = scenario.present - scenario.remote
        do {
            try agents.prepare(scenario, on: server, tag: tag, isPaced: pace != nil)
            try await crowd.enter(pki, with: [officers.secretary, officers.auditor])
            try await agents.waitUntilPrepared(scenario, tag: tag)
            try await crowd.connect(with: [secretary, auditor], pace)
            assembly = try await Assembly(
                of: participants,
                try MeetingID("\(tag)-live"),
                showing: .named,
                agenda: scenario.agenda,
                place: { $0 >= scenario.present ? nil : $0 < inRoom ? .room : .remote },
                secretary: secretary,
                auditor: auditor
            )
        } catch {
            await Server.close([secretary, auditor])
            try await crowd.close()
            throw error
        }
    }

    var group: FollowerGroup { crowd.group }

    /// Ends all connections.
    func close() async throws {
        await Server.close([secretary, auditor])
        try await crowd.close()
    }

    /// Adds boards, who do not follow yet.
    func addFollowers(
        _ count: Int,
        haveSmallBuffers: Bool = false,
        generator: inout SeededGenerator
    ) async throws {
        try await crowd.addBoards(
            count,
            to: assembly.meeting,
            haveSmallBuffers: haveSmallBuffers,
            generator: &generator
        )
    }

    // MARK: - Events

    private var service: MeetingService.Client { MeetingService.Client(secretary) }

    /// Commits an entry: somebody moves to another place.
    ///
    /// - Returns: The index of the entry.
    @discardableResult
    func publishSmall() async throws(RPCError) -> UInt64 {
        let number = checkIns.add(1, ordering: .relaxed).newValue
        let response = try await service.checkIn(
            CheckInRequest(
                meetingID: assembly.meeting.text,
                principalID: present[number % present.count],
                place: (number / present.count).isMultiple(of: 2) ? .remote : .room
            )
        )
        return response.commit?.firstIndex ?? 0
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
