internal import CabinetMapping
internal import CabinetModel
internal import CabinetStore

/// Reads single entries of a meeting's log on the sequencer's thread.
struct EntryReading {
    private let store: any EventStore
    private let log: LogID

    init(_ store: any EventStore, _ log: MeetingLog) {
        self.store = store
        self.log = LogID(log.id.text)
    }

    /// The bytes of an entry; `nil` where there is none.
    func bytes(at index: UInt64) throws(QueryFailure) -> [UInt8]? {
        do throws(StoreError) {
            return try store.entry(index, of: log)
        } catch {
            throw .store(error)
        }
    }

    /// An entry that is stored, from its bytes.
    func entry(_ bytes: [UInt8], at index: UInt64) throws(QueryFailure) -> Entry {
        var coding = EntryCoding()
        do throws(EntryError) {
            return try coding.parse(bytes, at: index)
        } catch {
            throw .store(StoreError(.damaged, "\(log): \(error)"))
        }
    }
}
