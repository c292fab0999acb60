public import CabinetAPI
public import CabinetModel

extension CabinetModel.RollCall {
    /// How the members on a roll voted.
    ///
    /// - Throws: ``InvalidField``.
    public init(_ message: CabinetAPI.RollCall) throws(InvalidField) {
        guard message.marks.count <= Limits.members else {
            throw InvalidField("marks", "there are at most 600")
        }
        guard message.places.count == message.marks.count else {
            throw InvalidField("places", "there are as many as marks")
        }
        let entries = zip(message.marks, message.places).map { (mark: $0, place: $1) }
        self.init(
            lines: try repeated("marks", entries) { entry throws(InvalidField) in
                try Line(entry.mark, entry.place)
            }
        )
    }
}

extension CabinetModel.RollCall.Line {
    init(_ mark: RollCallMark, _ place: CabinetAPI.Place) throws(InvalidField) {
        let place: CabinetModel.Place? = try field("", try knownOrUnspecified(place))
        switch (mark, place) {
        case (.notVoted, nil): self = .notVoted
        case (.voted, let place?): self = .voted(from: place)
        case (.yes, let place?): self = .named(Vote(.yes, from: place))
        case (.no, let place?): self = .named(Vote(.no, from: place))
        case (.abstain, let place?): self = .named(Vote(.abstain, from: place))
        default: throw InvalidField("", "a mark is known, and has a place where it is of a ballot")
        }
    }

    /// How a roll call says it.
    var mark: RollCallMark {
        switch self {
        case .notVoted: .notVoted
        case .voted: .voted
        case .named(let vote): RollCallMark(vote.choice)
        }
    }
}

extension RollCallMark {
    init(_ choice: CabinetModel.Choice) {
        switch choice {
        case .yes: self = .yes
        case .no: self = .no
        case .abstain: self = .abstain
        }
    }
}

extension CabinetAPI.RollCall {
    /// How the members on a roll voted.
    public init(_ rollCall: CabinetModel.RollCall) {
        self.init(
            marks: rollCall.lines.map(\.mark),
            places: rollCall.lines.map { Place($0.place) }
        )
    }
}
