// What every store finds in a batch that does not fit, in the same words.

extension StoreBatch.Append {
    /// Why this cannot be appended to a log with so many entries; `nil` where it can.
    func conflict(withEntryCount count: UInt64) -> StoreError? {
        guard !entries.isEmpty else {
            return StoreError(.conflict, "nothing is appended to the log «\(log)»")
        }
        for (entry, index) in zip(entries, count...) where entry.index != index {
            return StoreError(
                .conflict,
                "an entry \(entry.index) is appended to the log «\(log)», where \(index) comes next"
            )
        }
        return nil
    }
}

extension StoreError {
    static func appendedTwice(_ log: LogID) -> StoreError {
        StoreError(.conflict, "a batch appends to the log «\(log)» twice")
    }

    static let outcomeExists = StoreError(.conflict, "an outcome with this key is kept already")

    static func noSuchLog(_ log: LogID) -> StoreError {
        StoreError(.notFound, "there is no log «\(log)»")
    }
}
