internal import CabinetMapping
internal import CabinetRPC
internal import CabinetStore
internal import NIOPosix

/// Reads stored entries for auditors, beside the sequencer and on a thread of its own.
final class LogExport: Sendable {
    /// Of a response (ledger.proto, `ExportLogResponse`).
    private static let maximumBytes = 49_152
    private static let maximumCount = 1_024

    private let reader: any EventReader
    /// Of one thread: a reader has one connection to the database.
    private let thread = NIOThreadPool(numberOfThreads: 1)

    init(_ reader: any EventReader) {
        self.reader = reader
        thread.start()
    }

    /// The entries of a response, and one at least where there is one.
    ///
    /// - Throws: `RPCError` where they cannot be read.
    func entries(
        of log: LogID,
        from first: UInt64,
        upTo size: UInt64
    ) async throws -> [[UInt8]] {
        try await thread.runIfActive { [reader] in
            var entries: [[UInt8]] = []
            var byteCount = 0
            do {
                try reader.readEntries(of: log, from: first) { entry in
                    byteCount += entry.bytes.count
                    guard entry.index < size, entries.count < Self.maximumCount,
                        entries.isEmpty || byteCount <= Self.maximumBytes
                    else { return false }
                    entries.append(entry.bytes)
                    return true
                }
            } catch {
                throw RPCError(.unavailable, "the log cannot be read: \(error)")
            }
            return entries
        }
    }

    /// It has to be called once.
    func shutDown() async {
        do {
            try await thread.shutdownGracefully()
        } catch {
            preconditionFailure("a thread pool was shut down twice: \(error)")
        }
    }
}
