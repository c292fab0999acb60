internal import CabinetDocuments
internal import CabinetLedger
internal import CabinetMapping
internal import CabinetModel
internal import CabinetTexts

// What the page says of the meeting, but for its polls.

extension MinutesPage {
    var notices: HTML {
        var notices: [HTML] = []
        if record.meeting.phase.name != .adjourned {
            let notice = text(
                "Phiên họp chưa bế mạc: đây là biên bản tạm thời.",
                "The meeting is not adjourned: these minutes are provisional."
            )
            notices.append("<p class=\"notice\">\(notice)</p>")
        }
        if record.report.restorations > 0 {
            let notice = text(
                "Nhật ký đã được khôi phục từ bản sao (\(record.report.restorations) lần). Các mục "
                    + "mới nhất trước đó có thể đã mất.",
                "The log was restored from a copy (times: \(record.report.restorations)). What was "
                    + "newest before may be lost."
            )
            notices.append("<p class=\"notice\">\(notice)</p>")
        }
        return HTML(lines: notices)
    }

    var timeSection: HTML {
        let phase = record.meeting.phase
        var adjourned: Moment?
        if case .adjourned(_, let moment) = phase { adjourned = moment }
        let quorum = record.quorumAtOpening.map { $0.text(in: language) }
        return section(
            text("Thời gian", "Time"),
            terms([
                (text("Theo lịch", "Scheduled"), dateAndTime(record.meeting.scheduled)),
                (text("Khai mạc", "Opened"), phase.opened.map(dateAndTime)),
                (text("Bế mạc", "Adjourned"), adjourned.map(dateAndTime)),
                (text("Múi giờ", "Time zone"), "UTC\(options.utcOffset.description)"),
                (text("Khi khai mạc", "At the opening"), quorum.map { "\($0)" }),
            ])
        )
    }

    // MARK: - Participants

    var participantSection: HTML {
        let people = record.participants.filter { !$0.isDisplay }
        let hasWeights = people.contains { ($0.participant.membership?.weight ?? .one) != .one }
        let columns =
            [
                text("#STT", "#No."), text("Chức vụ", "Office"), text("Họ và tên", "Name"),
                text("Tư cách", "Role"),
            ] + (hasWeights ? [text("#Trọng số", "#Weight")] : []) + [
                text("Tham dự", "Attendance")
            ]
        let rows = people.enumerated().map { index, person -> [HTML] in
            let participant = person.participant
            let roles = capitalized(participant.roles.text(in: language))
            let office = participant.office.map { "\($0)" as HTML } ?? .nothing
            let weight = participant.membership.map { "\($0.weight.value)" as HTML } ?? .nothing
            return ["\(index + 1)", office, "\(participant.displayName)", "\(roles)"]
                + (hasWeights ? [weight] : []) + [attendance(of: person)]
        }
        return section(
            text("Thành phần tham dự", "Participants"),
            "\(attendanceSummary)\n\(table(columns, rows))"
        )
    }

    /// Where members attended, at the end of the log: in the room, remote, and not.
    private var attendanceSummary: HTML {
        let members = record.participants.filter {
            !$0.isRemoved && $0.participant.roles.contains(.member)
        }
        let room = members.count { $0.lastPlace == .room }
        let remote = members.count { $0.lastPlace == .remote }
        let missing = members.count - room - remote
        let line = text(
            "\(members.count) thành viên: \(room) tại phòng họp, \(remote) tham dự từ xa, "
                + "\(missing) không tham dự.",
            "\(members.count) members: \(room) in the room, \(remote) remote, "
                + "\(missing) did not attend."
        )
        return "<p>\(line)</p>"
    }

    private func attendance(of person: ParticipantRecord) -> HTML {
        guard !person.isRemoved else {
            return "\(text("Không còn tham dự phiên họp", "Takes no more part"))"
        }
        let changes = person.attendance.map { change -> HTML in
            let name = capitalized(change.text(in: language))
            guard let moment = change.changed else { return "\(name)" }
            return "\(name) (\(time(moment)))"
        }
        guard !changes.isEmpty else {
            return "\(capitalized(Attendance.expected.text(in: language)))"
        }
        let markup = changes.dropFirst().reduce(changes[0]) { "\($0); \($1)" }
        return markup
    }

    // MARK: - Agenda

    var agendaSection: HTML {
        let columns = [
            text("#STT", "#No."), text("Nội dung", "Item"),
            text("Cơ quan trình", "Reporting office"), text("Kết quả", "State"),
        ]
        let rows = record.agenda.items.enumerated().map { index, item -> [HTML] in
            let office = item.reportingOffice.map { "\($0)" as HTML } ?? .nothing
            return [
                "\(index + 1)", "\(item.title)\(documents(item.documents))", office,
                "\(capitalized(item.state.text(in: language)))",
            ]
        }
        return section(text("Chương trình phiên họp", "Agenda"), table(columns, rows))
    }

    private func documents(_ documents: [DocumentReference]) -> HTML {
        guard !documents.isEmpty else { return .nothing }
        return list(
            documents.map { document in
                "\(document.title), <span class=\"hash\">SHA-256 \(document.digest.description)</span>"
            }
        )
    }

    // MARK: - Course

    var courseSection: HTML {
        let texts = CourseTexts(language, of: record)
        let rows = record.course.compactMap { entry in
            texts.sentence(entry.body).map { [time(entry.time), $0, "\(entry.index)"] }
        }
        return section(
            text("Diễn biến phiên họp", "Course of the meeting"),
            table(
                [
                    text("Thời gian", "Time"), text("Sự việc", "Event"),
                    text("#Mục nhật ký", "#Log entry"),
                ],
                rows
            )
        )
    }

    // MARK: - Proof

    var proofSection: HTML {
        let checkpoint = record.checkpoint.unverified
        let note = text(
            "Mọi nội dung trên trang này được lập lại từ nhật ký. Bản thân trang này không được ký: hãy "
                + "kiểm tra cả thư mục theo README.md, với khóa do đơn vị vận hành công bố.",
            "All that this page says follows from the log. The page itself is not signed: verify the "
                + "whole folder as README.md says, with the key that the operator hands out."
        )
        let facts = terms([
            (text("Nhật ký", "Log"), "\(record.log.origin.text)"),
            (text("Số mục", "Entries"), "\(checkpoint.treeSize)"),
            (text("Giá trị băm gốc", "Root hash"), hash(checkpoint.rootHash.description)),
            (text("Khóa của nhật ký", "Key of the log"), hash(record.logKey.text)),
        ])
        return section(text("Xác thực", "Proof"), "\(facts)\n<p>\(note)</p>")
    }

    func hash(_ text: String) -> HTML { "<span class=\"hash\">\(text)</span>" }

    var signatures: HTML {
        let chair = record.participants.first { $0.participant.roles.contains(.chair) }
        let secretary = record.participants.first {
            $0.participant.roles.contains(.secretary) && !$0.isRemoved
        }
        return """
            <div class="signatures">
            <div><p><b>\(text("THƯ KÝ", "SECRETARY"))</b></p><p class="name">\(name(secretary))</p></div>
            <div><p><b>\(text("CHỦ TỌA", "CHAIR"))</b></p><p class="name">\(name(chair))</p></div>
            </div>
            """
    }

    private func name(_ person: ParticipantRecord?) -> HTML {
        person.map { "\($0.participant.displayName)" } ?? .nothing
    }

    var footer: HTML {
        """
        <footer>
        <p>\(text("Lập từ nhật ký của phiên họp", "Made from the log of the meeting")) \
        \(record.log.meeting.text), \(MinutesOptions.format).</p>
        </footer>
        """
    }
}
