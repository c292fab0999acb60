/// A client's place in a channel: checks that nothing is missing between its frames (CWP/1, section
/// 5).
struct ChannelCursor: Hashable, Sendable {
    private enum State: Hashable {
        /// A snapshot, or what was resumed after, comes first.
        case awaitingSnapshot
        case inSnapshot(sequence: UInt64)
        /// The next event has this sequence number.
        case following(next: UInt64)
    }

    /// The epoch that BOUND gave.
    let epoch: UInt64
    private var state: State

    /// - Parameter resume: What the client asked to resume after.
    /// - Throws: ``ProtocolViolation`` where the server bound a call to another history than the one
    ///   to be resumed: it should have ended it with OUT_OF_RANGE.
    init(_ bound: BoundBody, resume: CallHeader.Resume?) throws(ProtocolViolation) {
        epoch = bound.epoch
        guard let resume else {
            state = .awaitingSnapshot
            return
        }
        let (next, overflow) = resume.sequence.addingReportingOverflow(1)
        guard resume.epoch == bound.epoch, !overflow,
            (bound.firstSequence...max(bound.firstSequence, bound.nextSequence)).contains(next)
        else {
            throw ProtocolViolation(
                .protocolError,
                rule: "5.3",
                "BOUND to a history that the resume token does not fit"
            )
        }
        state = .following(next: next)
    }

    /// Takes events with the sequence numbers from `first`.
    mutating func events(from first: UInt64, count: Int) throws(ProtocolViolation) {
        guard case .following(let next) = state, first == next else {
            throw gap
        }
        let (after, overflow) = first.addingReportingOverflow(UInt64(count))
        guard !overflow else { throw gap }
        state = .following(next: after)
    }

    /// Takes a part of a snapshot.
    mutating func snapshot(_ sequence: UInt64, isLast: Bool) throws(ProtocolViolation) {
        switch state {
        case .inSnapshot(let begun) where begun != sequence:
            throw ProtocolViolation(
                .protocolError,
                rule: "5.4",
                "a SNAPSHOT that continues another one"
            )
        case .following(let next) where sequence &+ 1 < next:
            // What the client has seen is not taken back.
            throw ProtocolViolation(.protocolError, rule: "5.4", "a SNAPSHOT of the past")
        default:
            break
        }
        guard sequence < .max else { throw gap }
        state = isLast ? .following(next: sequence + 1) : .inSnapshot(sequence: sequence)
    }

    /// Takes MARK: the newest event that there is.
    mutating func mark(_ sequence: UInt64) throws(ProtocolViolation) {
        guard case .following(let next) = state, sequence == next &- 1 else { throw gap }
    }

    private var gap: ProtocolViolation {
        ProtocolViolation(.protocolError, rule: "5.5", "the sequence of a channel has a gap")
    }
}
