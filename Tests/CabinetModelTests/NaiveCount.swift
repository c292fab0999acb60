import CabinetModel
import ModelTestSupport

/// Counts a poll anew from nothing but the log, in another way than the model does: by names, with
/// fractions compared by cross-multiplication.
struct NaiveCount {
    private var rule: PollRule?
    private var chair: PrincipalID?
    private var voters: [PrincipalID: Int] = [:]
    private var votes: [PrincipalID: Vote] = [:]
    private var attendance: [PrincipalID: Place] = [:]
    private var attendanceAtClose: [PrincipalID: Place] = [:]
    private var tieChoice: TieChoice?
    private(set) var closings = 0
    private(set) var verdicts: [Verdict] = []

    init(of poll: PollID, in log: [Entry]) {
        for entry in log { take(entry.body, poll) }
    }

    private mutating func take(_ body: EntryBody, _ poll: PollID) {
        switch body {
        case .fact(.checkedIn(let id, let place)):
            attendance[id] = place
        case .fact(.checkedOut(let id)), .fact(.participantRemoved(let id)):
            attendance[id] = nil
        case .fact(.rollFrozen(poll, _, _, let part)):
            for voter in part.voters { voters[voter.member] = Int(voter.weight.value) }
        case .fact(.pollOpened(let opened)) where opened.poll == poll:
            rule = opened.rule
            chair = opened.chair
        case .ballotCast(let ballot, let place) where ballot.statement.poll == poll:
            guard case .vote(let choice, _) = ballot.statement.purpose else { return }
            votes[ballot.statement.member] = Vote(choice, from: place)
        case .fact(.pollClosed(poll, _)):
            closings += 1
            attendanceAtClose = attendance
        case .tieDecided(let ballot) where ballot.statement.poll == poll:
            if case .tie(let choice) = ballot.statement.purpose { tieChoice = choice }
        case .verdictReached(poll, let verdict):
            verdicts.append(verdict)
        default:
            break
        }
    }

    func weight(_ choice: Choice, _ place: Place? = nil) -> Int {
        votes.filter { $0.value.choice == choice && (place == nil || $0.value.place == place) }
            .reduce(0) { $0 + (voters[$1.key] ?? 0) }
    }

    func heads(_ choice: Choice, _ place: Place) -> Int {
        votes.values.count { $0 == Vote(choice, from: place) }
    }

    var silentHeads: Int { voters.count - votes.count }

    var silentWeight: Int {
        voters.filter { votes[$0.key] == nil }.reduce(0) { $0 + $1.value }
    }

    /// The rule that decides, as a reader of the schema would find it.
    var ground: VerdictGround? {
        guard let rule else { return nil }
        let present = voters.keys.filter { attendanceAtClose[$0] != nil || votes[$0] != nil }
        let counted = present.count { member in
            rule.quorumIncludesRemote
                || (attendanceAtClose[member] ?? votes[member]?.place) == .room
        }
        // counted ≥ ⌈all × n/d⌉ exactly where counted × d ≥ all × n.
        guard
            counted * Int(rule.quorum.denominator) >= voters.count * Int(rule.quorum.numerator)
        else { return .quorumNotMet }
        let (yes, no) = (weight(.yes), weight(.no))
        let base =
            switch rule.thresholdBase {
            case .allMembers: voters.values.reduce(0, +)
            case .presentMembers: present.reduce(0) { $0 + (voters[$1] ?? 0) }
            case .votesCast: yes + no + weight(.abstain)
            case .yesAndNo: yes + no
            }
        let left = yes * Int(rule.threshold.denominator)
        let right = base * Int(rule.threshold.numerator)
        switch rule.comparison {
        case .moreThan where left > right: return .thresholdReached
        case .atLeast where left >= right && yes > 0: return .thresholdReached
        default: break
        }
        guard yes == no, yes != 0 else { return .thresholdNotReached }
        guard rule.tie == .chairDecides else { return .tieFailed }
        switch chair.flatMap({ votes[$0]?.choice }) {
        case .yes: return .tieChairBallot(.yes)
        case .no: return .tieChairBallot(.no)
        case .abstain, nil: return tieChoice.map { .tieChairChoice($0) }
        }
    }
}
