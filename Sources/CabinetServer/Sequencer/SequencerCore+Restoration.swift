internal import CabinetModel

// Logs that an operator has put back from a copy.

extension SequencerCore {
    /// Writes into every log that it was restored from a copy, with an epoch of its own, in one commit:
    /// into all that are served, or none.
    ///
    /// Whoever holds a checkpoint of an entry that the copy lacks has proof of that for ever; the entry
    /// says why. With the epoch, nobody takes the events that follow for those that were lost.
    ///
    /// - Parameter epoch: Makes a random one.
    /// - Returns: How many logs there are.
    /// - Throws: ``SequencerFailure``. The core must not be used any more.
    func markRestored(
        _ reason: Explanation,
        at now: Moment,
        epoch: () -> Epoch
    ) throws(SequencerFailure) -> Int {
        batch = Batch()
        for log in logs.values {
            var next = epoch()
            while log.state.epochs.contains(next) { next = epoch() }
            do {
                let command = Command.restoreLog(next, reason: reason)
                try append(log.state.commit(command, by: .server, at: now), to: log)
            } catch {
                preconditionFailure("the server may restore every log, with any reason: \(error)")
            }
        }
        try commit()
        batch = Batch()
        return logs.count
    }
}

extension Epoch {
    /// A random one.
    static func random() -> Epoch {
        do {
            return try Epoch(.random(in: 1 ... .max))
        } catch {
            preconditionFailure("an epoch is any number but 0")
        }
    }
}
