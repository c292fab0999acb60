"""What minutes say in JSON, made anew from the entries of a log: for scripts/verify-minutes.

Written from proto/minutes.md and the comments of proto/cabinet/v1, and from no code of e-Cabinet's programs.
Verifying the log, and counting, is verify-log's.
"""

import base64
import json
import re
import sys
from datetime import datetime, timedelta
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path


def load_log():
    """verify-log, which has the log and its rules."""
    sys.dont_write_bytecode = True
    path = Path(__file__).resolve().with_name("verify-log")
    loader = SourceFileLoader("verify_log", str(path))
    module = module_from_spec(spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


log = load_log()
receipts = log.receipts
Invalid, require, sha256 = receipts.Invalid, receipts.require, receipts.sha256
Message = log.Message

FORMAT = "e-cabinet/minutes/v1"

# Names of enum values: those of the schema without their prefix, in the order of their numbers from 1.
ROLES = "MEMBER CHAIR SECRETARY GUEST DISPLAY AUDITOR ADMINISTRATOR".split()
PLACES = "ROOM REMOTE".split()
BASES = "ALL_MEMBERS PRESENT_MEMBERS VOTES_CAST YES_AND_NO".split()
COMPARISONS = "MORE_THAN AT_LEAST".split()
TIES = "CHAIR_DECIDES FAILS".split()
VISIBILITIES = "NAMED COUNTS NOTHING".split()
CHOICES = "YES NO ABSTAIN".split()
OUTCOMES = "PENDING CARRIED NOT_CARRIED".split()
GROUNDS = (
    "QUORUM_NOT_MET THRESHOLD_REACHED TIE_CHAIR_BALLOT TIE_CHAIR_CHOICE TIE_FAILED THRESHOLD_NOT_REACHED"
).split()
CAUSES = "ORDER TIMER".split()
ITEM_STATES = "PENDING DISCUSSING DECIDED DEFERRED".split()
ALGORITHMS = "ECDSA_P256_SHA256 RSA_PSS_SHA256 ED25519".split()
# The fields of LedgerEntry from 5 on.
BODIES = (
    "ballot_cast checked_in checked_out poll_created roll_frozen poll_opened poll_held poll_resumed poll_closed "
    "verdict_reached tie_decided poll_voided current_item_changed agenda_item_set agenda_item_removed "
    "participants_admitted participant_removed signing_key_revoked leave_recorded absence_recorded "
    "meeting_scheduled meeting_opened recess_started meeting_resumed meeting_adjourned log_opened log_restored"
).split()
# What the course of the meeting leaves out: it is said elsewhere, or was not shown.
UNTOLD = set(
    "ballot_cast poll_created roll_frozen agenda_item_set agenda_item_removed participants_admitted log_opened"
    .split()
)
# By which people are listed.
RANKS = (2, 1, 3, 4, 5)

NAMED = 1
SUFFIXES = {log.ECDSA_P256: "ecdsa.sig", log.RSA_PSS: "pss.sig", log.ED25519: "ed25519.sig"}


# Values


def name(names, number):
    require(1 <= number <= len(names), f"the log has the number {number} where one of {names} belongs")
    return names[number - 1]


def time(milliseconds):
    """ISO 8601 in UTC; None where the moment is not set."""
    if milliseconds == 0:
        return None
    try:
        moment = datetime(1970, 1, 1) + timedelta(milliseconds=milliseconds)
    except OverflowError as error:
        raise Invalid("the log has a time after the year 9999") from error
    return moment.isoformat(timespec="milliseconds") + "Z"


def members(**values):
    """An object without the members that are absent."""
    return {key: value for key, value in values.items() if value is not None}


def quoted(text):
    def escape(match):
        return {'"': '\\"', "\\": "\\\\", "\n": "\\n"}.get(match[0], f"\\u{ord(match[0]):04x}")

    return '"' + re.sub(r'["\\\x00-\x1f\x7f]', escape, text) + '"'


def written(value, level=None):
    """A value as minutes write it: on one line, or with two spaces for each level."""
    if isinstance(value, str):
        return quoted(value)
    if not isinstance(value, (list, dict)):
        return json.dumps(value)
    inner = None if level is None else level + 1
    if isinstance(value, list):
        parts = [written(element, inner) for element in value]
    else:
        colon = ":" if level is None else ": "
        parts = [quoted(key) + colon + written(element, inner) for key, element in value.items()]
    opening, closing = "[]" if isinstance(value, list) else "{}"
    if level is None or not parts:
        return opening + ",".join(parts) + closing
    line = "\n" + "  " * inner
    return opening + line + ("," + line).join(parts) + "\n" + "  " * level + closing


def document(value):
    return (written(value, 0) + "\n").encode()


def first_difference(found, expected, place=""):
    """Where two values differ first, and how; None where they are the same."""
    if isinstance(found, dict) and isinstance(expected, dict):
        for key in [*expected, *found]:
            inner = f"{place}.{key}" if place else key
            if key not in found:
                return f"{inner} is missing"
            if key not in expected:
                return f"{inner} is there, and nothing in the log leads to it"
            if difference := first_difference(found[key], expected[key], inner):
                return difference
        return None
    if isinstance(found, list) and isinstance(expected, list):
        for index, (one, other) in enumerate(zip(found, expected)):
            if difference := first_difference(one, other, f"{place}[{index}]"):
                return difference
        if len(found) != len(expected):
            return f"{place} has {len(found)} elements, and the log leads to {len(expected)}"
        return None
    if type(found) is type(expected) and found == expected:
        return None
    return f"{place} is {written(found)}, and the log leads to {written(expected)}"


# The meeting


class PollRecord:
    """A poll that opened, beside what verify-log keeps of it."""

    def __init__(self, identifier, opened, time, parts, people):
        self.id, self.opened, self.time = identifier, opened, time
        self.roll = b"".join(parts)
        self.voters = []  # identifier, weight, fingerprints, and the participant as it was then
        for data in Message(self.roll).list(1):
            voter = Message(data)
            person = people.get(voter.text(1), {}).get("participant")
            self.voters.append((voter.text(1), voter.uint(2), voter.list(3), person))
        self.ballots = []  # entry, time, ballot, place, in the order of the log
        self.tie = None
        self.closed = self.cause = self.reason = self.verdict = None

    def last_ballots(self):
        """The ballot of each member that no later one has replaced, by its entry."""
        return {entry for entry, _, _, _ in {row[2].member: row for row in self.ballots}.values()}

    def shown(self, poll):
        """The ballots that the meeting was shown, and whether each counts."""
        last = self.last_ballots() if self.verdict else set()
        for row in self.ballots:
            if row[0] in last or poll.rule.visibility == NAMED:
                yield row, row[0] in last


class Meeting(log.Meeting):
    """A meeting that remembers what minutes say of it."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.entries = []
        self.people = {}
        self.agenda = []  # [item, state], in their order
        self.current = ""
        self.records = {}  # polls that opened, in the order of the opening
        self.course = []
        self.opened_at = self.adjourned_at = self.quorum = None
        self.phase = "SCHEDULED"
        self.lines = []  # of ledger/entries.jsonl

    def take(self, data):
        index, parts = self.index, [part[3] for part in self.parts]
        super().take(data)
        entry = Message(data)
        number = next(number for number in entry.values if number >= 5)
        kind, body = name(BODIES, number - 4), entry.message(number)
        self.entries.append(data)
        self.line(index, entry, kind, data)
        details = self.record(kind, body, parts, index)
        if kind not in UNTOLD and details is not None:
            self.course.append(members(entry=index, time=time(self.time), event=kind, **details))

    def line(self, index, entry, kind, data):
        line = {
            "index": index,
            "time": time(self.time),
            "by": entry.message(3).text(1) or None,
            "body": kind,
            "leaf_hash": receipts.leaf_hash(data).hex(),
            "bytes": base64.b64encode(data).decode(),
        }
        self.lines.append(written(line) + "\n")

    def record(self, kind, body, parts, index):
        """Keeps what an entry says. Returns what the course of the meeting says of it; None for nothing."""
        handler = getattr(self, "on_" + kind, None)
        if handler is not None:
            return handler(body, parts, index)
        return {}

    # Meeting and people

    def on_meeting_scheduled(self, body, *_):
        self.title, self.scheduled = body.text(1), body.uint(2)
        self.default_rule = log.Rule(body.message(3))
        return {}

    def on_meeting_opened(self, body, *_):
        self.phase, self.opened_at = "OPEN", self.time
        places = [self.places.get(member) for member in self.members]
        heads = [len(places), places.count(log.ROOM), places.count(log.REMOTE)]
        counted = heads[1] + (heads[2] if self.default_rule.counts_remote else 0)
        needed = self.default_rule.needed_members(len(places))
        found = body.message(1)
        require(
            [found.uint(number) for number in range(1, 6)] + [found.sint(6)]
            == heads + [counted, needed, counted - needed],
            "the quorum at the opening is another",
        )
        self.quorum = quorum_value(found)
        return {}

    def on_recess_started(self, *_):
        self.phase = "RECESS"
        return {}

    def on_meeting_resumed(self, *_):
        self.phase = "OPEN"
        return {}

    def on_meeting_adjourned(self, *_):
        self.phase, self.adjourned_at = "ADJOURNED", self.time
        return {}

    def on_log_restored(self, body, *_):
        return {"reason": body.text(2)}

    def on_participants_admitted(self, body, *_):
        for data in body.list(1):
            participant = Message(data)
            person = self.people.get(participant.text(1))
            if person is None or person["removed"]:
                self.people[participant.text(1)] = {"changes": [], "removed": False}
            self.people[participant.text(1)]["participant"] = participant

    def on_participant_removed(self, body, *_):
        if body.text(1) in self.people:
            self.people[body.text(1)]["removed"] = True
        return {"participant": body.text(1)}

    def attend(self, identifier, state):
        if identifier in self.people:
            self.people[identifier]["changes"].append({"attendance": state, "time": time(self.time)})
        return {"participant": identifier}

    def on_checked_in(self, body, *_):
        place = name(PLACES, body.uint(2))
        details = self.attend(body.text(1), {"ROOM": "IN_ROOM", "REMOTE": "REMOTE"}[place])
        return details | {"place": place}

    def on_checked_out(self, body, *_):
        return self.attend(body.text(1), "LEFT")

    def on_leave_recorded(self, body, *_):
        return self.attend(body.text(1), "ON_LEAVE")

    def on_absence_recorded(self, body, *_):
        return self.attend(body.text(1), "ABSENT")

    def on_signing_key_revoked(self, body, *_):
        return {"participant": body.text(1), "key": body.bytes(2).hex()}

    # Agenda

    def on_agenda_item_set(self, body, *_):
        item = body.message(1)
        self.agenda = [one for one in self.agenda if one[0].text(1) != item.text(1)]
        self.agenda.insert(min(body.uint(2), len(self.agenda)), [item, item.uint(5)])

    def on_agenda_item_removed(self, body, *_):
        self.agenda = [one for one in self.agenda if one[0].text(1) != body.text(1)]
        if self.current == body.text(1):
            self.current = ""

    def on_current_item_changed(self, body, *_):
        for one in self.agenda:
            if one[0].text(1) == self.current and body.uint(2):
                one[1] = body.uint(2)
        for one in self.agenda:
            if one[0].text(1) == body.text(1):
                one[1] = 2
        self.current = body.text(1)
        return {"agenda_item": self.current or None}

    # Polls

    def on_poll_opened(self, body, parts, _):
        identifier = body.text(1)
        self.records[identifier] = PollRecord(identifier, body, self.time, parts, self.people)
        return {"poll": identifier}

    def on_ballot_cast(self, body, _, index):
        ballot = log.Ballot(body.message(1))
        self.records[ballot.poll].ballots.append((index, self.time, ballot, body.uint(2)))

    def on_tie_decided(self, body, _, index):
        ballot = log.Ballot(body.message(1))
        self.records[ballot.poll].tie = (index, self.time, ballot, None)
        return {"poll": ballot.poll}

    def on_poll_held(self, body, *_):
        return {"poll": body.text(1)}

    on_poll_resumed = on_poll_held

    def on_poll_closed(self, body, *_):
        record = self.records[body.text(1)]
        record.closed, record.cause = self.time, name(CAUSES, body.uint(2))
        return {"poll": record.id, "cause": record.cause}

    def on_verdict_reached(self, body, *_):
        record = self.records[body.text(1)]
        record.verdict = body.message(2)
        return {"poll": record.id, "outcome": name(OUTCOMES, record.verdict.uint(1))}

    def on_poll_voided(self, body, *_):
        if body.text(1) not in self.records:
            return None
        self.records[body.text(1)].reason = body.text(2)
        return {"poll": body.text(1), "reason": body.text(2)}

    # Documents

    def result(self, identifier, explanation):
        return result_value(self.records[identifier], self.polls[identifier], explanation)

    def ballots_document(self, identifier):
        return ballots_value(self.records[identifier], self.polls[identifier])

    def participant(self, identifier):
        person = self.people[identifier]
        participant = person["participant"]
        roles = sorted(set(participant.packed(4)))
        return members(
            participant=identifier,
            name=participant.text(2),
            office=participant.text(3) or None,
            roles=[name(ROLES, role) for role in roles],
            weight=participant.uint(5) if log.MEMBER in roles else None,
            removed=person["removed"] or None,
            attendance=person["changes"][-1]["attendance"] if person["changes"] else "EXPECTED",
            changes=person["changes"],
        )

    def rank(self, identifier):
        """Where somebody is listed: the chair, members, secretaries, guests, displays; then who was removed."""
        person = self.people[identifier]
        roles = person["participant"].packed(4)
        first = next((rank for rank, role in enumerate(RANKS) if role in roles), len(RANKS))
        return 9 if person["removed"] else first

    def document(self, order, results):
        """`order` is that of the participants, which are listed by name within their rank."""
        return members(
            format=FORMAT,
            meeting=self.name,
            title=self.title,
            state=self.phase,
            scheduled=time(self.scheduled),
            opened=time(self.opened_at or 0),
            adjourned=time(self.adjourned_at or 0),
            log={
                "origin": self.origin,
                "public_key": base64.b64encode(self.public_key).decode(),
                "entries": self.index,
                "root_hash": base64.b64encode(self.root).decode(),
                "restorations": len(self.epochs) - 1,
            },
            quorum_at_opening=self.quorum,
            default_rule=rule_value(self.default_rule),
            participants=[self.participant(identifier) for identifier in order],
            agenda=[item_value(item, state) for item, state in self.agenda],
            polls=results,
            course=self.course,
        )


# Parts of documents


def rule_value(rule):
    return {
        "quorum": "{}/{}".format(*rule.quorum),
        "quorum_includes_remote": rule.counts_remote,
        "threshold_base": name(BASES, rule.base),
        "threshold": "{}/{}".format(*rule.threshold),
        "comparison": name(COMPARISONS, rule.comparison),
        "tie": name(TIES, rule.tie),
        "revocable": rule.revocable,
        "visibility": name(VISIBILITIES, rule.visibility),
    }


def quorum_value(quorum):
    names = ("all_members", "room_members", "remote_members", "counted_members", "needed_members")
    value = {part: quorum.uint(number) for number, part in enumerate(names, 1)}
    return value | {"margin_members": quorum.sint(6)}


def heads(members, weight):
    return {"members": members, "weight": weight}


def choice_value(count):
    room, remote = (heads(count.uint(place), count.uint(place + 2)) for place in (log.ROOM, log.REMOTE))
    total = heads(room["members"] + remote["members"], room["weight"] + remote["weight"])
    return {"room": room, "remote": remote, "total": total}


def verdict_value(verdict):
    """All of it was counted again by verify-log."""
    tally, threshold = verdict.message(3), verdict.message(5)
    return members(
        outcome=name(OUTCOMES, verdict.uint(1)),
        ground=name(GROUNDS, verdict.uint(2)),
        tie_choice=name(CHOICES, verdict.uint(7)) if verdict.uint(7) else None,
        yes=choice_value(tally.message(1)),
        no=choice_value(tally.message(2)),
        abstain=choice_value(tally.message(3)),
        not_voted=heads(tally.uint(4), tally.uint(5)),
        quorum=quorum_value(verdict.message(4)),
        base_weight=threshold.uint(1),
        needed_weight=threshold.uint(2),
        yes_weight=threshold.uint(3),
    )


def document_value(document):
    return {
        "title": document.text(1),
        "sha256": document.bytes(2).hex(),
        "media_type": document.text(3),
        "size_bytes": document.uint(4),
    }


def item_value(item, state):
    return members(
        agenda_item=item.text(1),
        title=item.text(2),
        reporting_office=item.text(3) or None,
        state=name(ITEM_STATES, state),
        documents=[document_value(Message(data)) for data in item.list(4)],
    )


def motion_value(poll):
    digest = {"digest": poll.motion_digest.hex()}
    try:
        motion = Message(poll.motion)
        documents = [document_value(Message(data)) for data in motion.list(2)]
        return {"text": motion.text(1), "documents": documents} | digest
    except Invalid:
        # Nobody looked into a motion before it was put to the vote.
        return digest


def result_value(record, poll, explanation):
    votes = poll.votes if record.verdict else {}

    def voter(identifier, weight, keys, person):
        vote = votes.get(identifier)
        place = poll.presence.get(identifier)
        return members(
            member=identifier,
            name=person and person.text(2),
            office=person and (person.text(3) or None),
            weight=weight,
            keys=[key.hex() for key in keys],
            checked_in_at_close=place and name(PLACES, place),
            choice=vote and name(CHOICES, vote[0]),
            voted_from=vote and name(PLACES, vote[1]),
        )

    return members(
        poll=record.id,
        agenda_item=record.opened.text(2),
        state=poll.state,
        motion=motion_value(poll),
        rule=rule_value(poll.rule),
        chair=poll.chair,
        opened=time(record.time),
        closes=time(record.opened.uint(10)),
        closed=time(record.closed or 0),
        close_cause=record.cause,
        void_reason=record.reason,
        roll={
            "digest": poll.roll_digest.hex(),
            "members": record.opened.uint(7),
            "weight": record.opened.uint(8),
            "voters": [voter(*row) for row in record.voters],
        },
        ballots_in_log=len(record.ballots),
        ballots_shown=sum(1 for _ in record.shown(poll)),
        verdict=record.verdict and verdict_value(record.verdict),
        explanation=explanation if record.verdict else None,
    )


def ballot_value(row, counts, stem):
    entry, moment, ballot, place = row
    return members(
        member=ballot.member,
        choice=name(CHOICES, ballot.choice),
        revision=ballot.revision,
        counts=counts,
        voted_from=place and name(PLACES, place),
        time=time(moment),
        entry=entry,
        ballot_id=ballot.id.hex(),
        algorithm=name(ALGORITHMS, ballot.algorithm),
        key=ballot.fingerprint.hex(),
        certificate=f"certificates/{sha256(ballot.certificate).hex()}.pem",
        signed=f"{stem}.signed",
        signature=f"{stem}.{SUFFIXES[ballot.algorithm]}",
    )


def ballots_value(record, poll):
    ballots = [
        ballot_value(row, counts, f"ballots/{row[2].member}.{row[2].revision}")
        for row, counts in record.shown(poll)
    ]
    tie = record.tie and ballot_value(record.tie, None, "tie")
    return members(poll=record.id, ballots=ballots, tie=tie)
