import CabinetAPI
import CabinetClient
import CabinetMapping
import CabinetModel
import CabinetRPC
import CabinetTexts

// Who is there, the opening, and the agenda.

extension Session {
    /// Members check in, each over the connection of its own device; the secretary notes who is absent.
    func checkIn(_ devices: Devices) async throws {
        show.begin(Phrase(vi: "Điểm danh", en: "Attendance"))
        for wave in Waves(company.present, sizes: [1, 4, 7, 5, 8]) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for member in wave {
                    group.addTask { devices.add(try await checkIn(member)) }
                }
                try await group.waitForAll()
            }
            try await pace.pause()
        }
        for member in company.absent {
            _ = try await meetings.recordAbsence(
                RecordAbsenceRequest(meetingID: meetingID, principalID: member.person.id.text)
            )
        }
        let (room, remote) = (company.count(.room), company.count(.remote))
        show.say(
            Phrase(
                vi: "\(room) thành viên tại phòng họp, \(remote) dự từ xa, "
                    + "\(company.absent.count) vắng mặt; mỗi người một kết nối mTLS riêng.",
                en: "\(room) members are in the room, \(remote) remote, "
                    + "\(company.absent.count) absent; each has an mTLS connection of its own."
            )
        )
        try await pace.pause()
    }

    private func checkIn(_ member: Company.Member) async throws -> MemberDevice {
        let device = try device(of: member, over: venue.connection(of: member.person))
        do throws(RPCError) {
            _ = try await MeetingService.Client(device.rpc).checkIn(
                CheckInRequest(
                    meetingID: meetingID,
                    principalID: member.person.id.text,
                    place: member.seat.place == .remote ? .remote : .room
                )
            )
        } catch {
            await device.close()
            throw error
        }
        return device
    }

    /// A member's device, with the journal that is on its disk.
    func device(
        of member: Company.Member,
        over rpc: RPCClient,
        policy: DeliveryPolicy = DeliveryPolicy()
    ) throws -> MemberDevice {
        try MemberDevice(
            member,
            over: rpc,
            of: venue.installation,
            journalIn: try workspace.makeFolder(Profiles.journal(of: member.person.id)),
            policy: policy
        )
    }

    /// The secretary opens the meeting.
    func open() async throws {
        show.begin(Phrase(vi: "Khai mạc", en: "The opening"))
        let response = try await meetings.openMeeting(OpenMeetingRequest(meetingID: meetingID))
        guard let counted = response.quorum else {
            throw DemoFailure(vi: "không có túc số", en: "there is no quorum count")
        }
        let quorum = try QuorumCount(counted)
        show.say(
            Phrase(
                vi: "Thư ký khai mạc phiên họp. " + quorum.text(in: .vietnamese),
                en: "The secretary opens the meeting. " + quorum.text(in: .english)
            )
        )
        try await pace.pause(2)
    }

    /// The chair takes up the draft resolution.
    func takeUp(_ chair: RPCClient) async throws {
        show.begin(Phrase(vi: "Chương trình", en: "The agenda"))
        _ = try await MeetingService.Client(chair).moveToAgendaItem(
            MoveToAgendaItemRequest(meetingID: meetingID, agendaItemID: business.item.text)
        )
        show.say(
            Phrase(
                vi: "Chủ tọa chuyển sang: \(business.itemTitle).",
                en: "The chair takes up: \(business.itemTitle)."
            )
        )
        try await pace.pause(2)
    }
}

/// Elements in groups, one after the other: as many as each size says, and the rest in the last.
struct Waves<Element>: Sequence, IteratorProtocol {
    private var rest: ArraySlice<Element>
    private var sizes: ArraySlice<Int>

    init(_ elements: [Element], sizes: [Int]) {
        rest = elements[...]
        self.sizes = sizes[...]
    }

    mutating func next() -> ArraySlice<Element>? {
        guard !rest.isEmpty else { return nil }
        let wave = rest.prefix(sizes.popFirst() ?? rest.count)
        rest = rest.dropFirst(wave.count)
        return wave
    }
}
