public import CabinetLedger
public import CabinetMapping
public import CabinetModel

/// Why an answer does not prove that a ballot counts. The ballot may be in the log all the same.
public enum ReceiptProblem: Error, Hashable, Sendable {
    /// There is none in the answer.
    case missing
    /// It is no receipt, or one that proves nothing.
    case receipt(ReceiptError)
    /// What it proves to be in the log is no entry.
    case entry(EntryError)
    /// What it proves to be in the log is no ballot.
    case noBallot
    /// What it proves to be in the log is another ballot.
    case otherBallot
    /// What it proves to be in the log is a ballot that its member has not signed.
    case ballotSignature(Rejection)
}

extension ReceiptProblem: CustomStringConvertible {
    public var description: String {
        switch self {
        case .missing: "there is no receipt in the answer"
        case .receipt(let error): "the receipt proves nothing: \(error)"
        case .entry(let error): "the receipt is of something else: \(error)"
        case .noBallot: "the receipt is of an entry that is no ballot"
        case .otherBallot: "the receipt is of another ballot"
        case .ballotSignature(let rejection): "the receipt is of a forged ballot: \(rejection)"
        }
    }
}
