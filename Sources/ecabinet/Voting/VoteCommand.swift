import ArgumentParser
import CabinetClient
import CabinetClientTexts
import CabinetMapping
import CabinetModel
import CabinetRPC
import CabinetTexts

/// A choice on the command line.
enum ChoiceArgument: String, CaseIterable, ExpressibleByArgument, Sendable {
    case yes
    case no
    case abstain

    fileprivate var choice: Choice {
        switch self {
        case .yes: .yes
        case .no: .no
        case .abstain: .abstain
        }
    }
}

/// `ecabinet vote`.
struct VoteCommand: DeskCommand {
    static let configuration = CommandConfiguration(
        commandName: "vote",
        abstract: "Signs a ballot, casts it, and verifies the receipt.",
        discussion: """
            It shows first what is voted on: the motion, the rule and the roll, with the digests that are \
            signed, all computed anew. Then it asks, unless --yes says that it need not.

            The ballot is kept in the profile's journal before it is sent. Whatever happens then, the same \
            ballot is sent again by the next «ecabinet vote» or «ecabinet receipt settle», and counts once.

            It needs the server's log-key.vkey (--log-key), and the member's signing key where that is not \
            the device's (--signing-key, --signing-certificate, --member).
            """
    )

    @Argument(help: "The poll.")
    var poll: String

    @Argument(help: "yes, no or abstain.")
    var choice: ChoiceArgument

    @Flag(help: "Do not ask.")
    var yes = false

    @Flag(help: "In the chair: decide the tie of a poll that is closed.")
    var tie = false

    @OptionGroup var meeting: MeetingOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func validate() throws {
        guard !tie || choice != .abstain else {
            throw ValidationError("A tie is decided with yes or no.")
        }
    }

    func input() throws -> PollID { try PollID(typed: poll, .poll) }

    func run(at desk: MeetingDesk, _ id: PollID, in session: Session) async throws {
        try await session.withMember { member in
            try await vote(in: id, at: desk, as: member, session.console)
        }
    }

    private func vote(
        in poll: PollID,
        at desk: MeetingDesk,
        as member: Session.Member,
        _ console: Console
    ) async throws {
        let settled = try await member.settlePending()
        if let ballot = settled.ballot(of: choice.choice, isTie: tie, in: poll, of: desk.id) {
            // What is asked for was under way already.
            return try console.show(BallotReport(ballot: ballot, settled: settled))
        }
        for ballot in settled {
            if ballot.isStuck {
                console.warn(Warning("BALLOT_UNDELIVERED", ballot.phrase))
            } else {
                console.note(ballot.phrase)
            }
        }
        let paper = try await member.voting.ballotPaper(of: poll, in: desk.id)
        try paper.requireOpen(forTie: tie, member.signer.member)
        try await show(paper, at: desk, member.signer.member, console)
        if let warning = paper.warning { console.warn(warning) }
        if !yes { try await Confirmation(console: console).ask(question) }
        let ballot = try await cast(on: paper, member.voting)
        try console.show(BallotReport(ballot: ballot, settled: settled))
    }

    private func cast(
        on paper: BallotPaper,
        _ client: VotingClient
    ) async throws -> ProvenBallot {
        if tie, let choice = TieChoice(choice.choice) {
            return try await client.decideTie(choice, on: paper)
        }
        return try await client.cast(choice.choice, on: paper)
    }

    private func show(
        _ paper: BallotPaper,
        at desk: MeetingDesk,
        _ member: PrincipalID,
        _ console: Console
    ) async throws {
        guard !console.isJSON else { return }
        let report = try PaperReport(paper, of: try await desk.summary(), for: member)
        try console.write(lines: report.lines(console.style, console.language) + [""])
    }

    private var question: Phrase {
        let english = choice.choice.text(in: .english)
        let vietnamese = choice.choice.text(in: .vietnamese)
        return Phrase(
            "Cast your ballot: \(english)?",
            vi: "Gửi phiếu của bạn: \(vietnamese)?"
        )
    }
}

extension [SettledBallot] {
    /// The ballot that says what is to be said, and counts.
    fileprivate func ballot(
        of choice: Choice,
        isTie: Bool,
        in poll: PollID,
        of meeting: MeetingID
    ) -> ProvenBallot? {
        for settled in self {
            guard case .success(let ballot) = settled.result,
                ballot.statement.poll == poll, ballot.statement.meeting == meeting
            else { continue }
            switch ballot.statement.purpose {
            case .vote(let cast, _): if !isTie, cast == choice { return ballot }
            case .tie(let decided): if isTie, decided == TieChoice(choice) { return ballot }
            }
        }
        return nil
    }
}

extension BallotPaper {
    /// Finds out what the server would say, before the member signs: a signed ballot that is refused may be
    /// entered later by whoever has it.
    ///
    /// - Throws: ``Failure`` with the reason that the server would give.
    fileprivate func requireOpen(forTie isTie: Bool, _ member: PrincipalID) throws(Failure) {
        if isTie {
            guard poll.opening?.chair == member else {
                throw Failure(.chairSignatureRequired)
            }
            guard poll.state == .closed else {
                throw Failure(.tieNotPending, ["state": poll.state.name])
            }
            return
        }
        guard poll.state == .open else {
            var failure = Failure(.pollNotOpen, ["state": poll.state.name])
            // Of one that was voided no ballot counts.
            guard poll.state == .closed || poll.state == .decided else { throw failure }
            failure.cause = standing
            failure.attributes += counting?.members ?? []
            throw failure
        }
        guard let counting, !poll.rule.isRevocable else { return }
        var failure = Failure(.ballotNotRevocable)
        failure.cause = standing
        failure.attributes = counting.members
        throw failure
    }

    /// Which ballot of the member counts, as the log proves it. That there is none is the server's word.
    private var standing: Phrase {
        guard let counting else {
            return Phrase(
                "the server knows of no ballot of yours in this poll",
                vi: "máy chủ không biết phiếu nào của bạn trong cuộc biểu quyết này"
            )
        }
        return Phrase(
            "your ballot counts since \(counting.time.local): "
                + counting.statement.purpose.text(in: .english),
            vi: "phiếu của bạn được tính từ \(counting.time.local): "
                + counting.statement.purpose.text(in: .vietnamese)
        )
    }
}

extension Failure {
    /// What the server would answer.
    fileprivate init(_ reason: FailureReason, _ facts: [String: String] = [:]) {
        let isRefusal = reason.code == .permissionDenied
        self.init(
            isRefusal ? .notPermitted : .refused,
            reason,
            facts,
            attributes: facts.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) }
        )
    }
}
