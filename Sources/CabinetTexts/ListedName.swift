public import CabinetModel

/// A name as it is sorted in lists for people.
///
/// In Viet Nam a person is called, and listed, by the given name, which stands last: «Nguyễn Văn An» comes
/// before «Lê Thị Bình». Persons with the same given name are sorted by the whole name. That is the order
/// of names of persons. The directory does not say whether a display name is a person's; a seat may be
/// named by its office, such as «Bộ trưởng Bộ Công an», and is then sorted as it is written. What tells
/// them apart here: a name that stands beside an office is a person's, and one that stands alone is not.
///
/// Letters and tones are compared in Vietnamese collation, as `CollationKey` has it: a ă â b c d đ e ê …,
/// then the tones ngang, huyền, hỏi, ngã, sắc, nặng. NFC and NFD are the same. It is a table of the model's
/// own, the same on every machine, and needs no ICU.
public struct ListedName: Hashable, Comparable, Sendable {
    private let given: CollationKey
    private let whole: CollationKey

    /// A person's name.
    public init(ofPerson name: String) {
        let given = name.split(separator: " ").last.map(String.init) ?? name
        self.given = CollationKey(given)
        whole = CollationKey(name)
    }

    /// The name of an office, or of anything that is no person.
    public init(asWritten name: String) {
        given = CollationKey(name)
        whole = given
    }

    public init(_ participant: Participant) {
        let name = participant.displayName.value
        self = participant.office == nil ? ListedName(asWritten: name) : ListedName(ofPerson: name)
    }

    public static func < (left: Self, right: Self) -> Bool {
        left.given == right.given ? left.whole < right.whole : left.given < right.given
    }
}

extension Proceedings {
    /// Those with voting rights as they are listed for people: the chair first, then by ``ListedName``, then
    /// by identifier.
    ///
    /// - Complexity: O(*n* log *n*) in the participants, with a collation key for each.
    public var listedMembers: [Participant] {
        attendees.values
            .map(\.participant)
            .filter { $0.membership != nil }
            .map { (isChair: $0.roles.contains(.chair), name: ListedName($0), participant: $0) }
            .sorted { left, right in
                if left.isChair != right.isChair { return left.isChair }
                if left.name != right.name { return left.name < right.name }
                return left.participant.id < right.participant.id
            }
            .map(\.participant)
    }
}
