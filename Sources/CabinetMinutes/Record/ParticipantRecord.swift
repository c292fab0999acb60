internal import CabinetModel

/// Somebody who took part, and all that the log says of the attendance.
struct ParticipantRecord: Sendable {
    /// As the log has it last.
    var participant: Participant
    /// Every change, in the order of the log.
    var attendance: [Attendance] = []
    /// Whether it was taken out of the meeting again.
    var isRemoved = false

    /// What the attendance was at the end of the log.
    var finalAttendance: Attendance { attendance.last ?? .expected }

    /// Where it was checked in last; `nil` for who never was.
    var lastPlace: Place? { attendance.compactMap(\.place).last }

    /// The order of lists: the chair, members, secretaries, guests, displays; then who was removed.
    var rank: Int {
        if isRemoved { return 9 }
        let order: [Role] = [.chair, .member, .secretary, .guest, .display]
        return order.firstIndex(where: participant.roles.contains) ?? order.count
    }

    /// Whether it is a board on a wall, and nobody.
    var isDisplay: Bool { participant.roles == [.display] }
}
