internal import CabinetStore
internal import Metrics

/// What is counted of the sequencer.
///
/// - `ecabinet_batch_orders`: orders that were taken together, to be stored with one commit
/// - `ecabinet_commit_duration_seconds`: what a commit takes until it is durable
/// - `ecabinet_ledger_entries`: entries of the logs that are served
/// - `ecabinet_ledger_bytes`: the same in bytes
struct SequencerMetrics {
    private let batchOrders: Recorder
    private let commitDuration: Metrics.Timer
    private let ledgerEntries: Meter
    private let ledgerBytes: Meter
    private var entryCount: UInt64 = 0
    private var byteCount: UInt64 = 0

    init(_ factory: any MetricsFactory) {
        batchOrders = Recorder(label: "ecabinet_batch_orders", factory: factory)
        commitDuration = Metrics.Timer(
            label: "ecabinet_commit_duration_seconds",
            preferredDisplayUnit: .seconds,
            factory: factory
        )
        ledgerEntries = Meter(label: "ecabinet_ledger_entries", factory: factory)
        ledgerBytes = Meter(label: "ecabinet_ledger_bytes", factory: factory)
    }

    /// A log was read.
    mutating func opened(entries: UInt64, byteCount: UInt64) {
        grew(entries: entries, byteCount: byteCount)
    }

    /// Orders were taken; none where only the time of a poll has run out.
    func began(orders count: Int) {
        if count > 0 { batchOrders.record(count) }
    }

    mutating func committed(_ batch: StoreBatch, in duration: Duration) {
        let (seconds, attoseconds) = duration.components
        commitDuration.recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
        for append in batch.appends {
            grew(
                entries: UInt64(append.entries.count),
                byteCount: append.entries.reduce(0) { $0 + UInt64($1.bytes.count) }
            )
        }
    }

    private mutating func grew(entries: UInt64, byteCount: UInt64) {
        entryCount += entries
        self.byteCount += byteCount
        ledgerEntries.set(Double(entryCount))
        ledgerBytes.set(Double(self.byteCount))
    }
}
