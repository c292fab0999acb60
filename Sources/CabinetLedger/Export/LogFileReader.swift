/// Reads a ``LogFile`` piece by piece, from bytes that come in parts of any length.
///
///     reader.append(part)
///     while let entry = try reader.next() { … }
///
/// It verifies nothing: a file that is read to its end has the form of a log, and may say anything.
/// What it keeps are the bytes that were appended and not yet read: a part, and less than a piece.
public struct LogFileReader: Sendable {
    /// What the file says that the log has signed; `nil` before it has been read.
    public private(set) var checkpoint: SignedCheckpoint?

    /// Index of the entry that is read next: how many there have been.
    public private(set) var nextIndex: UInt64 = 0

    private var bytes: [UInt8] = []
    private var position = 0
    private var hasMagic = false

    public init() {}

    /// Takes the next part of the file. Those before it should have been read.
    public mutating func append(_ part: some Collection<UInt8>) {
        bytes.removeFirst(position)
        position = 0
        bytes += part
    }

    /// The next entry.
    ///
    /// - Returns: `nil` where more of the file is needed, or there is no more.
    /// - Throws: ``LogFileError``. Nothing after it can be read.
    public mutating func next() throws(LogFileError) -> [UInt8]? {
        guard try readMagic(), let size = try readCheckpoint() else { return nil }
        guard nextIndex < size else {
            guard available == 0 else { throw .bytesAfterEnd(entryCount: size) }
            return nil
        }
        let index = nextIndex
        let entry = try readPiece { length throws(LogFileError) in
            try LogFile.check(entryBytes: UInt64(length), at: index)
        }
        if entry != nil { nextIndex += 1 }  // stays at or below the tree size
        return entry
    }

    /// Says that there is no more of the file.
    ///
    /// - Throws: ``LogFileError/truncated(entryCount:expected:)`` where it ends too early.
    public func finish() throws(LogFileError) {
        guard let size = checkpoint?.unverified.treeSize, nextIndex == size, available == 0 else {
            throw .truncated(
                entryCount: nextIndex,
                expected: checkpoint?.unverified.treeSize
            )
        }
    }

    private var available: Int { bytes.count - position }

    private mutating func readMagic() throws(LogFileError) -> Bool {
        if hasMagic { return true }
        let count = min(available, LogFile.magic.count)
        guard bytes.prefix(count).elementsEqual(LogFile.magic.prefix(count)) else {
            throw .unknownFormat
        }
        guard count == LogFile.magic.count else { return false }
        position = count
        hasMagic = true
        return true
    }

    /// - Returns: The tree size; `nil` where more is needed.
    private mutating func readCheckpoint() throws(LogFileError) -> UInt64? {
        if let checkpoint { return checkpoint.unverified.treeSize }
        let note = try readPiece { length throws(LogFileError) in
            guard length <= LedgerLimits.maximumNoteBytes else {
                throw .checkpointTooLong(byteCount: UInt64(length))
            }
        }
        guard let note else { return nil }
        do throws(CheckpointFormatError) {
            let parsed = try SignedCheckpoint(parsing: note)
            checkpoint = parsed
            return parsed.unverified.treeSize
        } catch {
            throw .checkpoint(error)
        }
    }

    private mutating func readPiece(
        _ check: (_ length: UInt32) throws(LogFileError) -> Void
    ) throws(LogFileError) -> [UInt8]? {
        guard available >= LogFile.lengthBytes else { return nil }
        let start = position + LogFile.lengthBytes
        let length = bytes[position..<start].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        // It is refused before anybody waits for so many bytes.
        try check(length)
        guard bytes.count - start >= Int(length) else { return nil }
        position = start + Int(length)
        return Array(bytes[start..<position])
    }
}
