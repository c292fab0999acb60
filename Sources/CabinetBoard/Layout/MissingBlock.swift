internal import CabinetModel
internal import CabinetTexts

/// Whom the chair may wait for before closing a poll: those who have not voted, the ones who could now apart
/// from those whose link is lost. For chair and secretary.
struct MissingBlock {
    /// Of a name, where not all names have room.
    private static let mostCells = 20

    let lines: [BoardLine]

    init(_ scene: BoardScene, _ pen: Pen) {
        guard let state = scene.state, state.audience == .secretariat,
            let connected = scene.connected,
            let poll = state.proceedings.pollInProgress.flatMap({ state.proceedings.poll($0.id) }),
            poll.state == .open || poll.state == .held
        else {
            lines = []
            return
        }
        let names = Names(state.proceedings, pen)
        if let missing = state.missingVoters(connected: connected) {
            lines = [
                Self.line(
                    pen.text(vi: "Chưa biểu quyết, có kết nối", en: "Not voted, connected"),
                    missing.connected,
                    .plain,
                    names,
                    pen
                ),
                Self.line(
                    pen.text(vi: "Chưa biểu quyết, mất kết nối", en: "Not voted, link lost"),
                    missing.linkLost,
                    .alarm,
                    names,
                    pen
                ),
                Self.line(
                    pen.text(vi: "Chưa biểu quyết, vắng", en: "Not voted, away"),
                    missing.away,
                    .dim,
                    names,
                    pen
                ),
            ].compactMap { $0 }
        } else {
            // Counts alone are shown: nobody is told who has voted.
            lines = [
                Self.line(
                    pen.text(vi: "Mất kết nối", en: "Link lost"),
                    Self.linkLost(state, connected),
                    .alarm,
                    names,
                    pen
                )
            ].compactMap { $0 }
        }
    }

    private static func linkLost(
        _ state: ReplicaState,
        _ connected: ConnectedDevices
    ) -> [PrincipalID] {
        let voters = state.proceedings.pollInProgress?.roll.roll.voters ?? []
        return voters.map(\.member).filter {
            state.proceedings.attendees[$0]?.attendance.place != nil && !connected.isConnected($0)
        }
    }

    /// `nil` for nobody.
    private static func line(
        _ title: String,
        _ members: [PrincipalID],
        _ tone: Tone,
        _ allNames: Names,
        _ pen: Pen
    ) -> BoardLine? {
        guard !members.isEmpty else { return nil }
        let count = members.count
        // More names than there is room for need no look-up.
        let members = members.prefix(pen.columns / 2)
        let heading = " \(title) (\(pen.language.number(count))): "
        let whole = members.map(allNames.name).joined(separator: ", ")
        let short = members.map { allNames.short($0, atMost: mostCells) }.joined(separator: ", ")
        let fits = heading.cellWidth + whole.cellWidth <= pen.columns
        return pen.line(BoardSpan(heading, tone), BoardSpan(fits ? whole : short, tone))
    }
}

/// What members are called where there is little room.
private struct Names {
    private let names: [PrincipalID: String]
    private let labels: SeatLabels

    init(_ proceedings: Proceedings, _ pen: Pen) {
        names = proceedings.attendees.compactMapValues { attendee in
            attendee.participant.membership == nil
                ? nil : pen.shown(attendee.participant.displayName.value)
        }
        labels = SeatLabels(Array(names.values), ellipsis: pen.glyphs.ellipsis)
    }

    func name(_ id: PrincipalID) -> String { names[id] ?? id.text }

    func short(_ id: PrincipalID, atMost width: Int) -> String {
        labels.short(name(id), atMost: width)
    }
}
