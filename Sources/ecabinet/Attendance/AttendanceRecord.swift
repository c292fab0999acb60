import CabinetAPI
import CabinetModel

/// Something that is recorded of a participant's attendance.
enum AttendanceRecord: Sendable {
    case checkIn(CabinetModel.Place)
    case checkOut
    case excuse
    case absent

    /// In snake_case, for programs.
    fileprivate var action: String {
        switch self {
        case .checkIn: "check_in"
        case .checkOut: "check_out"
        case .excuse: "excuse"
        case .absent: "absent"
        }
    }

    /// What is said of those for whom it was recorded.
    fileprivate func phrase(_ names: String) -> Phrase {
        switch self {
        case .checkIn(.room):
            Phrase("checked in, in the room: \(names)", vi: "đã điểm danh tại phòng họp: \(names)")
        case .checkIn(.remote):
            Phrase("checked in, remote: \(names)", vi: "đã điểm danh từ xa: \(names)")
        case .checkOut:
            Phrase("checked out: \(names)", vi: "đã rời phiên họp: \(names)")
        case .excuse:
            Phrase("excused: \(names)", vi: "vắng mặt có phép: \(names)")
        case .absent:
            Phrase("absent without leave: \(names)", vi: "vắng mặt không phép: \(names)")
        }
    }

    /// Records it of one; the identifier is empty for the caller.
    fileprivate func enter(of id: String, at desk: MeetingDesk) async throws -> Commit? {
        let meeting = desk.id.text
        switch self {
        case .checkIn(let place):
            return try await desk.meetings.checkIn(
                CheckInRequest(
                    meetingID: meeting,
                    principalID: id,
                    place: place == .room ? .room : .remote
                )
            ).commit
        case .checkOut:
            return try await desk.meetings.checkOut(
                CheckOutRequest(meetingID: meeting, principalID: id)
            ).commit
        case .excuse:
            return try await desk.meetings.recordLeave(
                RecordLeaveRequest(meetingID: meeting, principalID: id)
            ).commit
        case .absent:
            return try await desk.meetings.recordAbsence(
                RecordAbsenceRequest(meetingID: meeting, principalID: id)
            ).commit
        }
    }
}

extension Session {
    /// Records the attendance of some, one after the other, and prints for whom it was done.
    ///
    /// - Parameter participants: None for the caller.
    /// - Throws: ``Failure`` at the first for whom it cannot be done; it says for whom it was, and for whom
    ///   it was not.
    func record(
        _ record: AttendanceRecord,
        of participants: [PrincipalID],
        at desk: MeetingDesk
    ) async throws {
        var done: [String] = []
        var left = participants.isEmpty ? [""] : participants.map(\.text)
        var commit: Commit?
        while let id = left.first {
            do {
                commit = try await record.enter(of: id, at: desk)
            } catch {
                let failure = Failure(reporting: error)
                throw participants.isEmpty
                    ? failure : failure.ending(record, of: id, done: done, left: left)
            }
            left.removeFirst()
            done.append(id)
        }
        if participants.isEmpty { done = [try await caller().principalID] }
        let names = done.joined(separator: ", ")
        try console.show(
            desk.done(
                record.action,
                names,
                commit,
                record.phrase(names),
                facts: [.init("principals", .array(done.map { .string($0) }))]
            )
        )
    }
}

extension Failure {
    /// Says for whom it failed, for whom it was done before, and for whom it was not.
    ///
    /// - Parameter left: Those for whom it was not done, the one first for whom it failed.
    func ending(
        _ record: AttendanceRecord,
        of id: String,
        done: [String],
        left: [String]
    ) -> Failure {
        var failure = Failure(
            status,
            reason,
            Phrase("\(id): \(happened.english)", vi: "\(id): \(happened.vietnamese)"),
            because: cause,
            advice: advice,
            attributes: attributes
        )
        failure.attributes.append(.init("principal_id", .string(id)))
        guard done.count + left.count > 1 else { return failure }
        // Where no answer has come it may have been done for the first of them.
        let isUnknown = status == .unavailable || status == .interrupted
        let unknown = isUnknown ? [id] : []
        let missing = isUnknown ? Array(left.dropFirst()) : left
        func add(_ attribute: String, _ ids: [String], _ phrase: (String) -> Phrase) {
            failure.attributes.append(.init(attribute, .array(ids.map { .string($0) })))
            guard !ids.isEmpty else { return }
            let line = phrase(ids.joined(separator: ", "))
            failure.cause = Phrase(
                [failure.cause?.english, line.english].compactMap(\.self).joined(separator: "\n"),
                vi: [failure.cause?.vietnamese, line.vietnamese].compactMap(\.self)
                    .joined(separator: "\n")
            )
        }
        add("done", done, record.phrase)
        add("not_done", missing) {
            Phrase("not recorded: \($0)", vi: "chưa ghi nhận: \($0)")
        }
        add("unknown", unknown) {
            Phrase(
                "not known, «ecabinet attend list» says it: \($0)",
                vi: "chưa rõ, xem «ecabinet attend list»: \($0)"
            )
        }
        return failure
    }
}
