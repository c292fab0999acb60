import ArgumentParser
import CabinetModel

/// The rule of a poll on the command line. What is not given stays as it was.
struct RuleOptions: ParsableArguments, Sendable {
    @Option(
        help: ArgumentHelp(
            "What carries the motion: «more than 1/2 of all members», «at least 2/3 of the members present», "
                + "«… of the votes cast», «… of the votes in favour and against»; or in Vietnamese.",
            valueName: "words"
        )
    )
    var carriedBy: String?

    @Option(
        help: ArgumentHelp(
            "The part of all members that has to be present, as 2/3, or none.",
            valueName: "fraction"
        )
    )
    var quorum: QuorumArgument?

    @Flag(
        inversion: .prefixedNo,
        help: "Whether members who attend remotely count towards the quorum."
    )
    var remoteCounts: Bool?

    @Option(help: ArgumentHelp("In a tie: chair (decides) or fails.", valueName: "how"))
    var tie: TieArgument?

    @Flag(
        inversion: .prefixedNo,
        help: "Whether a member may change the ballot until the poll closes."
    )
    var revocable: Bool?

    @Option(
        help: ArgumentHelp(
            "What is shown while the poll is open: names (who and how), counts, or nothing (who, and no "
                + "counts).",
            valueName: "what"
        )
    )
    var show: ShownArgument?

    var isEmpty: Bool {
        carriedBy == nil && quorum == nil && remoteCounts == nil && tie == nil && revocable == nil
            && show == nil
    }

    func validate() throws {
        guard let carriedBy, Requirement(carriedBy) == nil else { return }
        throw ValidationError(
            "--carried-by is as 'more than 1/2 of all members' or 'at least 2/3 of the votes cast'."
        )
    }

    /// A rule with what these options say.
    func rule(changing rule: PollRule) throws(Failure) -> PollRule {
        let requirement = carriedBy.flatMap(Requirement.init)
        do throws(Rejection) {
            return try PollRule(
                quorum: quorum?.fraction ?? rule.quorum,
                quorumIncludesRemote: remoteCounts ?? rule.quorumIncludesRemote,
                thresholdBase: requirement?.base ?? rule.thresholdBase,
                threshold: requirement?.fraction ?? rule.threshold,
                comparison: requirement?.comparison ?? rule.comparison,
                tie: tie?.tie ?? rule.tie,
                isRevocable: revocable ?? rule.isRevocable,
                visibility: show?.visibility ?? rule.visibility
            )
        } catch {
            throw Failure(
                .usage,
                "POLL_RULE_INVALID",
                Phrase("there is no such rule", vi: "quy tắc này không hợp lệ"),
                because: Phrase(
                    detail: error.attributes["rule"] ?? "\(error)",
                    vi: "phân số và cách so sánh không đi cùng nhau được"
                ),
                advice: Phrase(
                    "take a fraction above 0, and below 1 with «more than»",
                    vi: "dùng phân số lớn hơn 0, và nhỏ hơn 1 khi là «quá»"
                )
            )
        }
    }
}

/// A fraction on the command line, or `none` for no quorum.
struct QuorumArgument: ExpressibleByArgument, Hashable, Sendable {
    let fraction: Fraction

    init?(argument: String) {
        guard let fraction = Fraction(written: argument == "none" ? "0/1" : argument) else {
            return nil
        }
        self.fraction = fraction
    }
}

/// What decides a tie, on the command line.
enum TieArgument: String, CaseIterable, ExpressibleByArgument, Sendable {
    case chair
    case fails

    fileprivate var tie: TieRule {
        switch self {
        case .chair: .chairDecides
        case .fails: .fails
        }
    }
}

/// What is shown while a poll is open, on the command line.
enum ShownArgument: String, CaseIterable, ExpressibleByArgument, Sendable {
    case names
    case counts
    case nothing

    fileprivate var visibility: Visibility {
        switch self {
        case .names: .named
        case .counts: .counts
        case .nothing: .nothing
        }
    }
}
