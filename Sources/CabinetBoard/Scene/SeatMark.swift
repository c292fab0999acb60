internal import CabinetModel
internal import CabinetTexts

/// What a seat shows: the ballot, as far as this audience sees it, or else where its member is.
enum SeatMark: Hashable, Sendable, CaseIterable {
    case inFavour
    case against
    case abstaining
    /// A ballot, and not which.
    case voted
    case room
    case remote
    /// Checked in, and with no device connected.
    case linkLost
    /// Not checked in.
    case away

    /// The marks of all members, by identifier.
    static func marks(of scene: BoardScene) -> [PrincipalID: SeatMark] {
        guard let state = scene.state else { return [:] }
        var marks: [PrincipalID: SeatMark] = [:]
        for (id, attendee) in state.proceedings.attendees {
            guard attendee.participant.membership != nil else { continue }
            marks[id] = SeatMark(attendee.attendance, isConnected: scene.connected?.isConnected(id))
        }
        guard let progress = state.proceedings.pollInProgress, let view = state.pollInProgress,
            let rollCall = view.ballots.rollCall
        else { return marks }
        for (voter, line) in zip(progress.roll.roll.voters, rollCall.lines) {
            if let mark = SeatMark(line) { marks[voter.member] = mark }
        }
        return marks
    }

    /// - Parameter isConnected: `nil` where that is not known.
    private init(_ attendance: Attendance, isConnected: Bool?) {
        switch (attendance.place, isConnected) {
        case (nil, _): self = .away
        case (_, false?): self = .linkLost
        case (.room?, _): self = .room
        case (.remote?, _): self = .remote
        }
    }

    /// `nil` for one who has not voted.
    private init?(_ line: RollCall.Line) {
        switch line {
        case .notVoted: return nil
        case .voted: self = .voted
        case .named(let vote):
            switch vote.choice {
            case .yes: self = .inFavour
            case .no: self = .against
            case .abstain: self = .abstaining
            }
        }
    }

    var isBallot: Bool {
        switch self {
        case .inFavour, .against, .abstaining, .voted: true
        case .room, .remote, .linkLost, .away: false
        }
    }

    var tone: Tone {
        switch self {
        case .inFavour: .good
        case .against: .bad
        case .abstaining: .warning
        case .voted: .lit
        case .room, .remote: .plain
        case .linkLost: .alarm
        case .away: .dim
        }
    }

    func glyph(_ glyphs: SeatGlyphs) -> String {
        switch self {
        case .inFavour: glyphs.inFavour
        case .against: glyphs.against
        case .abstaining: glyphs.abstaining
        case .voted: glyphs.voted
        case .room: glyphs.room
        case .remote: glyphs.remote
        case .linkLost: glyphs.linkLost
        case .away: glyphs.away
        }
    }

    /// As the legend explains it.
    func text(in language: Language) -> String {
        switch self {
        case .inFavour: Choice.yes.text(in: language)
        case .against: Choice.no.text(in: language)
        case .abstaining: Choice.abstain.text(in: language)
        case .voted: language.text(vi: "đã biểu quyết", en: "voted")
        case .room: Place.room.text(in: language)
        case .remote: Place.remote.text(in: language)
        case .linkLost: language.text(vi: "mất kết nối", en: "link lost")
        case .away: language.text(vi: "vắng", en: "away")
        }
    }
}
