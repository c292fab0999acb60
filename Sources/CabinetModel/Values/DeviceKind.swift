/// The kind of device that holds a transport certificate. Raw values are those of
/// `cabinet.v1.DeviceKind`.
public enum DeviceKind: Int32, Hashable, Sendable, CaseIterable {
    /// A tablet that belongs to a seat of the meeting room.
    case seatTablet = 1
    /// A tablet that belongs to a person.
    case tablet = 2
    /// A telephone.
    case phone = 3
    /// A desktop or portable computer.
    case computer = 4
    /// A board on a wall that shows the public state.
    case wallBoard = 5
}
