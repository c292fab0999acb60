public import CabinetAPI
public import CabinetLedger

extension CabinetAPI.Receipt {
    /// The message of a receipt.
    public init(_ receipt: CabinetLedger.Receipt) {
        self.init(
            index: receipt.index,
            entry: receipt.entry,
            inclusionHashes: receipt.inclusionHashes.map(\.bytes),
            checkpoint: Checkpoint(note: receipt.checkpoint.serialized)
        )
    }
}

extension CabinetLedger.Receipt {
    /// The receipt of a message. Nothing about it is verified: that is what
    /// `verified(origin:logKey:otherKeys:)` is for.
    ///
    /// - Throws: `ReceiptError`, of the kinds that concern the form.
    public init(_ message: CabinetAPI.Receipt) throws(ReceiptError) {
        try self.init(
            index: message.index,
            entry: message.entry,
            inclusionHashes: message.inclusionHashes,
            checkpointNote: message.checkpoint?.note ?? []
        )
    }
}
