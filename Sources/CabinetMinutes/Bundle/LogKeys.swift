internal import CabinetLedger

extension NoteVerifierKey {
    /// The key of a log, where that of its installation is given: the same, under the log's name.
    ///
    /// - Returns: `nil` where the key is neither of that log nor of its installation.
    func ofLog(_ origin: NoteLine) -> NoteVerifierKey? {
        if name.line == origin { return self }
        guard origin.text.utf8.starts(with: "\(name)/".utf8), let log = NoteKeyName(origin.text)
        else { return nil }
        return NoteVerifierKey(name: log, publicKey: publicKey)
    }
}
