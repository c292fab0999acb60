import CabinetModel
import CabinetTexts

/// A seat of the Government, by its office.
struct Seat: Sendable {
    /// Of the principal in the directory.
    let id: String
    let office: Phrase
    /// Where its holder attends from; `nil` for one who is absent.
    let place: Place?
    /// Who presides.
    let isChair: Bool

    init(_ id: String, vi: String, en: String, _ place: Place? = .room, isChair: Bool = false) {
        self.id = id
        office = Phrase(vi: vi, en: en)
        self.place = place
        self.isChair = isChair
    }
}
