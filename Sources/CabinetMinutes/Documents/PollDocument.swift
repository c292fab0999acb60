internal import CabinetAPI
internal import CabinetDocuments
internal import CabinetModel
internal import CabinetTexts

/// A poll as JSON: `polls/ID/result.json`, and a member of `meeting.json`.
struct PollDocument {
    let poll: PollRecord

    var json: JSON {
        let opened = poll.opened
        let verdict: JSON? = poll.verdict.map { JSON.of($0) }
        let explanation: JSON? = poll.verdict.map { self.explanation($0) }
        return .object([
            ("poll", .string(poll.id.text)),
            ("agenda_item", .string(opened.agendaItem.text)),
            ("state", .string(poll.state.name)),
            ("motion", motion),
            ("rule", .of(poll.rule)),
            ("chair", .string(opened.chair.text)),
            ("opened", .time(poll.entry.time)),
            ("closes", .optional(opened.closesAt)),
            ("closed", .optional(poll.closing?.moment)),
            ("close_cause", .optional(poll.closing?.cause.name)),
            ("void_reason", .optional(poll.voidReason?.value)),
            ("roll", roll),
            ("ballots_in_log", .count(poll.ballots.count)),
            ("ballots_shown", .count(poll.shownBallots.count)),
            ("verdict", verdict),
            ("explanation", explanation),
        ])
    }

    private var motion: JSON {
        let documents: [JSON]? = poll.text?.documents.map { document($0) }
        return .object([
            ("text", .optional(poll.text?.text)),
            ("documents", documents.map { JSON.array($0) }),
            ("digest", .string("\(poll.opened.motion.digest)")),
        ])
    }

    private func document(_ document: CabinetAPI.DocumentReference) -> JSON {
        .object([
            ("title", .string(document.title)),
            ("sha256", .string(hexadecimal(document.digest))),
            ("media_type", .string(document.mediaType)),
            ("size_bytes", .count(document.sizeBytes)),
        ])
    }

    private var roll: JSON {
        .object([
            ("digest", .string("\(poll.opened.rollDigest)")),
            ("members", .count(poll.opened.roll.members)),
            ("weight", .count(poll.opened.roll.weight)),
            ("voters", .array(poll.voters.map(voter))),
        ])
    }

    private func voter(_ record: VoterRecord) -> JSON {
        .object([
            ("member", .string(record.voter.member.text)),
            ("name", .optional(record.participant?.displayName.value)),
            ("office", .optional(record.participant?.office?.value)),
            ("weight", .count(record.voter.weight.value)),
            ("keys", .strings(record.voter.keys.fingerprints.map(\.description))),
            ("checked_in_at_close", .optional(record.placeAtClose?.name)),
            ("choice", .optional(record.vote?.vote.choice.name)),
            ("voted_from", .optional(record.vote?.vote.place.name)),
        ])
    }

    private func explanation(_ verdict: CabinetModel.Verdict) -> JSON {
        let languages = Language.allCases.map { language -> (String, JSON?) in
            let lines = verdict.explanation(in: language)
            return (language.rawValue, .strings(lines))
        }
        return .object(languages)
    }
}

/// The signed statements that are shown of a poll: `polls/ID/ballots.json`.
struct BallotsDocument {
    let poll: PollRecord

    var json: JSON {
        let ballots: [JSON] = poll.shownBallots.map { entry($0, of: BallotName($0)) }
        let tie: JSON? = poll.tie.map { entry($0, of: BallotName(tie: $0)) }
        return .object([
            ("poll", .string(poll.id.text)), ("ballots", .array(ballots)), ("tie", tie),
        ])
    }

    private func entry(_ record: BallotRecord, of name: BallotName) -> JSON {
        let counts: JSON? = record.place == nil ? nil : .bool(poll.counts(record))
        return .object([
            ("member", .string(record.member.text)),
            ("choice", .string(record.choice.name)),
            ("revision", .count(record.revision.number)),
            ("counts", counts),
            ("voted_from", .optional(record.place?.name)),
            ("time", .time(record.time)),
            ("entry", .count(record.index)),
            ("ballot_id", .string("\(record.ballot.statement.ballot)")),
            ("algorithm", .string(record.ballot.algorithm.name)),
            ("key", .string("\(record.ballot.keyFingerprint)")),
            ("certificate", .string("certificates/\(certificateName(record.ballot.certificate))")),
            ("signed", .string(name.file(.signed))),
            ("signature", .string(name.file(.signature(record.ballot.algorithm)))),
        ])
    }
}

extension JSON {
    static func of(_ fraction: CabinetModel.Fraction) -> JSON { .string("\(fraction)") }

    static func of(_ rule: CabinetModel.PollRule) -> JSON {
        .object([
            ("quorum", .of(rule.quorum)),
            ("quorum_includes_remote", .bool(rule.quorumIncludesRemote)),
            ("threshold_base", .string(rule.thresholdBase.name)),
            ("threshold", .of(rule.threshold)),
            ("comparison", .string(rule.comparison.name)),
            ("tie", .string(rule.tie.name)),
            ("revocable", .bool(rule.isRevocable)),
            ("visibility", .string(rule.visibility.name)),
        ])
    }

    static func of(_ quorum: CabinetModel.QuorumCount) -> JSON {
        .object([
            ("all_members", .count(quorum.allMembers)),
            ("room_members", .count(quorum.roomMembers)),
            ("remote_members", .count(quorum.remoteMembers)),
            ("counted_members", .count(quorum.countedMembers)),
            ("needed_members", .count(quorum.neededMembers)),
            ("margin_members", .count(quorum.marginMembers)),
        ])
    }

    static func of(_ verdict: CabinetModel.Verdict) -> JSON {
        let tieChoice: JSON? = verdict.ground.tieChoice.map { .string($0 == .yes ? "YES" : "NO") }
        return .object([
            ("outcome", .string(verdict.outcome.name)),
            ("ground", .string(verdict.ground.name)),
            ("tie_choice", tieChoice),
            ("yes", .of(verdict.tally.yes)),
            ("no", .of(verdict.tally.no)),
            ("abstain", .of(verdict.tally.abstain)),
            ("not_voted", .of(verdict.tally.notVoted)),
            ("quorum", .of(verdict.quorum)),
            ("base_weight", .count(verdict.threshold.baseWeight)),
            ("needed_weight", .count(verdict.threshold.neededWeight)),
            ("yes_weight", .count(verdict.threshold.yesWeight)),
        ])
    }

    private static func of(_ count: CabinetModel.ChoiceCount) -> JSON {
        .object([
            ("room", .of(count.room)), ("remote", .of(count.remote)), ("total", .of(count.total)),
        ])
    }

    private static func of(_ heads: HeadCount) -> JSON {
        .object([("members", .count(heads.members)), ("weight", .count(heads.weight))])
    }
}
