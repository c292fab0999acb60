internal import CabinetDocuments
internal import CabinetModel
internal import CabinetTexts

/// What happened in a meeting, a sentence for each event.
struct CourseTexts {
    private let language: Language
    private let record: MinutesRecord

    init(_ language: Language, of record: MinutesRecord) {
        self.language = language
        self.record = record
    }

    /// - Returns: `nil` for what minutes say elsewhere.
    func sentence(_ body: EntryBody) -> HTML? {
        switch body {
        case .ballotCast: nil
        case .tieDecided(let ballot): poll(ballot.statement.poll, tieDecided)
        case .verdictReached(let id, let verdict):
            poll(id, verdict.outcome.text(in: language))
        case .fact(let fact): sentence(fact)
        }
    }

    private func sentence(_ fact: Fact) -> HTML? {
        switch fact {
        case .meetingScheduled: says("Phiên họp được lên lịch.", "The meeting was scheduled.")
        case .meetingOpened: says("Khai mạc phiên họp.", "The meeting opened.")
        case .recessStarted: says("Tạm nghỉ.", "The meeting went into recess.")
        case .meetingResumed: says("Phiên họp tiếp tục.", "The meeting resumed.")
        case .meetingAdjourned: says("Bế mạc phiên họp.", "The meeting was adjourned.")
        case .logRestored(_, let reason):
            "\(text("Nhật ký được khôi phục từ bản sao", "The log was restored from a copy")): \(reason)"
        case .checkedIn(let id, .room):
            person(id, text("có mặt tại phòng họp", "attends in the room"))
        case .checkedIn(let id, .remote):
            person(id, text("tham dự từ xa", "attends remotely"))
        case .checkedOut(let id): person(id, text("rời phiên họp", "leaves"))
        case .leaveRecorded(let id): person(id, text("vắng mặt có phép", "is on leave"))
        case .absenceRecorded(let id):
            person(id, text("vắng mặt", "is absent"))
        case .participantRemoved(let id):
            person(id, text("không còn tham dự phiên họp", "takes no more part"))
        case .signingKeyRevoked(let id, _, _):
            person(id, text("một khóa ký bị thu hồi", "a signing key was revoked"))
        case .currentItemChanged(let id, _): item(id)
        case .pollOpened(let opened):
            poll(opened.poll, text("bắt đầu biểu quyết", "the poll opened"))
        case .pollHeld(let id, _):
            poll(id, text("tạm dừng biểu quyết", "the poll was held"))
        case .pollResumed(let id, _):
            poll(id, text("tiếp tục biểu quyết", "the poll resumed"))
        case .pollClosed(let id, .order):
            poll(id, text("kết thúc biểu quyết", "the poll was closed"))
        case .pollClosed(let id, .timer):
            poll(id, text("hết giờ biểu quyết", "the poll's time was over"))
        case .pollVoided(let id, let reason):
            "\(poll(id, text("hủy biểu quyết", "the poll was voided"))): \(reason)"
        case .logOpened, .participantsAdmitted, .agendaItemSet, .agendaItemRemoved, .pollCreated,
            .rollFrozen:
            nil
        }
    }

    private var tieDecided: String {
        text("chủ tọa quyết định khi số phiếu ngang nhau", "the chair decided the tie")
    }

    private func text(_ vietnamese: String, _ english: String) -> String {
        language.text(vi: vietnamese, en: english)
    }

    private func says(_ vietnamese: String, _ english: String) -> HTML {
        "\(text(vietnamese, english))"
    }

    private func person(_ id: PrincipalID, _ what: String) -> HTML {
        guard let participant = record.participant(id) else { return "\(id.text): \(what)" }
        guard let office = participant.office else {
            return "\(participant.displayName): \(what)"
        }
        return "\(participant.displayName) (\(office)): \(what)"
    }

    private func poll(_ id: PollID, _ what: String) -> HTML {
        "<a href=\"#poll-\(id.text)\">\(text("Biểu quyết", "Poll")) \(id.text)</a>: \(what)"
    }

    private func item(_ id: AgendaItemID?) -> HTML {
        guard let id else {
            return says("Không còn nội dung nào đang thảo luận.", "No item is under discussion.")
        }
        let label = text("Chuyển sang nội dung", "Item taken up")
        guard let item = record.agenda.item(id) else { return "\(label): \(id.text)" }
        return "\(label): \(item.title)"
    }
}
