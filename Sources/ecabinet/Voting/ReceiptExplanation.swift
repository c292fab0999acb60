import CabinetLedger
import CabinetTexts

extension VerifiedReceipt {
    /// What was found, step by step, in sentences that a member is shown and an auditor can follow with other
    /// tools.
    func explanation(in language: Language) -> [String] {
        guard language == .vietnamese else { return explanation }
        let head = checkpoint.checkpoint
        let signers = checkpoint.signers.map { "\($0.name)+\($0.id)" }.joined(separator: ", ")
        return [
            "Mục nhật ký dài \(entry.count) byte, có mã băm lá \(leafHash).",
            "Nhật ký «\(head.origin)» đã ký xác nhận rằng nó có \(head.treeSize) mục với mã băm gốc "
                + "\(head.rootHash).",
            "Chữ ký được xác minh bằng \(signers).",
            "Mã băm lá ở vị trí \(index) dẫn đến mã băm gốc đó qua \(receipt.inclusionHashes.count) mã băm.",
            "Vì vậy mục này có trong nhật ký ở vị trí \(index), không bị sửa đổi.",
        ]
    }
}
