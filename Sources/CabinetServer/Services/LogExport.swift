internal import CabinetLocks
internal import CabinetMapping
internal import CabinetRPC
internal import CabinetStore
internal import NIOPosix

/// Reads stored entries for auditors, beside the sequencer and on a thread of its own.
final class LogExport: Sendable {
    /// Of a response (ledger.proto, `ExportLogResponse`).
    private static let maximumBytes = 49_152
    private static let maximumCount = 1_024

    private let reader: Guarded<(any EventReader)?>
    private let report: @Sendable (LogID, StoreError) -> Void
    /// Of one thread: a reader has one connection to the database.
    private let thread = NIOThreadPool(numberOfThreads: 1)

    /// - Parameter report: Is told why entries could not be read: whoever asks for them is not.
    init(
        _ reader: any EventReader,
        report: @escaping @Sendable (LogID, StoreError) -> Void
    ) {
        self.reader = Guarded(reader)
        self.report = report
        thread.start()
    }

    /// The entries of a response, and one at least where there is one.
    ///
    /// - Throws: UNAVAILABLE / LOG_UNREADABLE.
    func entries(
        of log: LogID,
        from first: UInt64,
        upTo size: UInt64
    ) async throws -> [[UInt8]] {
        try await thread.runIfActive { [reader, report] in
            guard let reader = reader.withLock({ $0 }) else { throw RPCError(.logUnreadable) }
            var entries: [[UInt8]] = []
            var byteCount = 0
            do throws(StoreError) {
                try reader.readEntries(of: log, from: first) { entry in
                    byteCount += entry.bytes.count
                    guard entry.index < size, entries.count < Self.maximumCount,
                        entries.isEmpty || byteCount <= Self.maximumBytes
                    else { return false }
                    entries.append(entry.bytes)
                    return true
                }
            } catch {
                report(log, error)
                throw RPCError(.logUnreadable)
            }
            return entries
        }
    }

    /// Ends the thread, and lets go of the reader: where a reader is left, the store cannot tidy up
    /// when it closes. It has to be called once.
    func shutDown() async {
        do {
            try await thread.shutdownGracefully()
        } catch {
            preconditionFailure("a thread pool was shut down twice: \(error)")
        }
        reader.withLock { $0 = nil }
    }
}
