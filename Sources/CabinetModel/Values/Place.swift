/// Where a participant attends from. Raw values are those of `cabinet.v1.Place`.
public enum Place: Int32, Hashable, Sendable, CaseIterable {
    /// In the meeting room.
    case room = 1
    /// Elsewhere, over the network.
    case remote = 2
}
