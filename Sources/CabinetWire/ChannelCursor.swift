/// A client's place in a channel: checks that nothing is missing between its frames (CWP/1, section
/// 5).
struct ChannelCursor: Hashable, Sendable {
    private enum State: Hashable {
        /// A snapshot comes first. The event after it has at least this sequence number.
        case awaitingSnapshot(earliestNext: UInt64)
        case inSnapshot(sequence: UInt64, byteCount: Int)
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
            state = .awaitingSnapshot(earliestNext: bound.firstSequence)
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

    /// Takes a part of a snapshot, with that many bytes of it.
    mutating func snapshot(
        _ sequence: UInt64,
        byteCount: Int,
        isLast: Bool
    ) throws(ProtocolViolation) {
        let (next, overflow) = sequence.addingReportingOverflow(1)
        guard !overflow else { throw gap }
        var total = byteCount
        switch state {
        case .inSnapshot(let begun, let before):
            guard begun == sequence else {
                throw ProtocolViolation(
                    .protocolError,
                    rule: "5.4",
                    "a SNAPSHOT that continues another one"
                )
            }
            total += before
        case .awaitingSnapshot(let earliest), .following(let earliest):
            // The event after it is to be had, and what the client has seen is not taken back.
            guard next >= earliest else {
                throw ProtocolViolation(.protocolError, rule: "5.4", "a SNAPSHOT of the past")
            }
        }
        guard total <= ConnectionLimits.maxSnapshotBytes else {
            throw ProtocolViolation(.tooLarge, rule: "5.4", "a snapshot is longer than the limit")
        }
        state =
            isLast ? .following(next: next) : .inSnapshot(sequence: sequence, byteCount: total)
    }

    /// Takes MARK: the newest event that there is.
    mutating func mark(_ sequence: UInt64) throws(ProtocolViolation) {
        guard case .following(let next) = state, sequence == next &- 1 else { throw gap }
    }

    private var gap: ProtocolViolation {
        ProtocolViolation(.protocolError, rule: "5.5", "the sequence of a channel has a gap")
    }
}
