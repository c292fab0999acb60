extension ReadmeCommands {
    /// What the files of the polls and `meeting.json` say, derived from the entries of the log and compared;
    /// and every verdict, counted anew from the roll and the ballots.
    ///
    /// It is written from the schema, and shares nothing with what makes those files. What it leaves out,
    /// `README.md` says.
    static let meeting = #"""
        python3 - <<'END'
        import base64, hashlib, json, os, stat, sys
        from datetime import datetime, timedelta

        # What the log says, entry by entry: protobuf, with the numbers of proto/cabinet/v1.
        def parse(data):
            found, at = {}, 0
            def number():
                nonlocal at
                value = shift = 0
                while True:
                    byte = data[at]; at += 1
                    value |= (byte & 127) << shift; shift += 7
                    if byte < 128:
                        return value
            while at < len(data):
                key, value = number(), number()
                if key & 7:
                    value, at = data[at : at + value], at + value
                found.setdefault(key >> 3, []).append(value)
            return found
        def num(message, field): return message.get(field, [0])[-1]
        def raw(message, field): return message.get(field, [b""])[-1]
        def sub(message, field): return parse(raw(message, field))
        def text(message, field): return raw(message, field).decode()
        def sha(data): return hashlib.sha256(data).digest()
        def some(**values): return {key: value for key, value in values.items() if value is not None}
        def time(ms):
            moment = datetime(1970, 1, 1) + timedelta(milliseconds=ms)
            return moment.isoformat(timespec="milliseconds") + "Z" if ms else None
        def name(names, number): return names.split()[number - 1] if number else None
        # What is printed, without anything that a terminal would obey.
        def shown(text): return "".join(c if c.isprintable() else f"\\u{{{ord(c):x}}}" for c in text)
        def stop(text): sys.exit(shown(text))
        def once(pairs):
            if len(dict(pairs)) < len(pairs):
                stop(f"a name is there twice: {[key for key, _ in pairs]}")
            return dict(pairs)
        def load(path):
            with open(path, encoding="utf-8") as file:
                return json.load(file, object_pairs_hook=once)
        def read(path):
            with open(path, "rb") as file:
                return file.read()
        # The one PEM text of a DER: openssl takes the first block that it finds, and has to find this one.
        def pem(label, der):
            body = base64.b64encode(der).decode()
            lines = [body[at : at + 64] for at in range(0, len(body), 64)]
            return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""]).encode()
        def der(path, label):
            found = read(path)
            body = b"".join(found.split(b"\n")[1:-2])
            try:
                value = base64.b64decode(body, validate=True)
            except ValueError:
                value = b""
            if not value or found != pem(label, value):
                stop(f"{path}: it is not one {label} in PEM, and nothing else")
            return value
        def check(what, said, found):
            if isinstance(said, dict) and isinstance(found, dict):
                for key in sorted({*said, *found}):
                    check(f"{what}: {key}", said.get(key), found.get(key))
            elif said != found:
                stop(f"{what}: {said!r} is there, and the log leads to {found!r}")

        def of_rule(rule):
            return {
                "quorum": "{}/{}".format(num(sub(rule, 1), 1), num(sub(rule, 1), 2)),
                "quorum_includes_remote": num(rule, 2) == 1,
                "threshold_base": name("ALL_MEMBERS PRESENT_MEMBERS VOTES_CAST YES_AND_NO", num(rule, 3)),
                "threshold": "{}/{}".format(num(sub(rule, 4), 1), num(sub(rule, 4), 2)),
                "comparison": name("MORE_THAN AT_LEAST", num(rule, 5)),
                "tie": name("CHAIR_DECIDES FAILS", num(rule, 6)),
                "revocable": num(rule, 7) == 1,
                "visibility": name("NAMED COUNTS NOTHING", num(rule, 8)),
            }
        def of_quorum(rule, members, room, remote):
            counted = room + (remote if num(rule, 2) else 0)
            needed = -(-members * num(sub(rule, 1), 1) // num(sub(rule, 1), 2))
            return {
                "all_members": members, "room_members": room, "remote_members": remote,
                "counted_members": counted, "needed_members": needed, "margin_members": counted - needed,
            }

        people, members, places, revoked, polls, roll, meeting = {}, {}, {}, set(), {}, b"", {}
        def take_ballot(poll, signed, index, at, place):
            statement, who = parse(raw(signed, 1)), f"entry {index}"
            member = text(statement, 4)
            key = raw(signed, 4)
            check(f"{who}: meeting", text(statement, 2), meeting["meeting"])
            check(f"{who}: purpose", num(statement, 5), 1 if place else 2)
            check(f"{who}: digests", [raw(statement, 7), raw(statement, 8)], [poll["motion"], poll["roll"]])
            check(f"{who}: on the roll", key in poll["voters"][member][1] and key not in revoked, True)
            return {"entry": index, "time": time(at), "member": member, "choice": num(statement, 6),
                    "revision": num(statement, 9), "place": place, "signed": signed, "id": raw(statement, 1)}
        for index, line in enumerate(open("ledger/entries.jsonl", encoding="utf-8")):
            entry = parse(base64.b64decode(json.loads(line, object_pairs_hook=once)["bytes"]))
            kind, at = max(entry), num(entry, 2)
            body = sub(entry, kind)
            if kind == 30:
                meeting.update(meeting=text(body, 2))
            elif kind == 25:
                rule = sub(body, 3)
                meeting.update(title=text(body, 1), scheduled=time(num(body, 2)), default_rule=of_rule(rule))
            elif kind == 26:
                there = [places.get(member) for member in members]
                meeting.update(opened=time(at), quorum_at_opening=of_quorum(
                    rule, len(there), there.count("ROOM"), there.count("REMOTE")))
            elif kind == 29:
                meeting.update(adjourned=time(at))
            elif kind == 20:
                for person in map(parse, body[1]):
                    who, roles = text(person, 1), sorted(raw(person, 4))
                    before = people.get(who, {})
                    people[who] = some(
                        participant=who, name=text(person, 2), office=text(person, 3) or None,
                        roles=[name("MEMBER CHAIR SECRETARY GUEST DISPLAY", role) for role in roles],
                        weight=num(person, 5) or None,
                        changes=[] if "removed" in before else before.get("changes", []))
                    members.pop(who, None)
                    if 1 in roles:
                        members[who] = (num(person, 5), person.get(6, []))
            elif kind == 21:
                people[text(body, 1)]["removed"] = True
                members.pop(text(body, 1), None), places.pop(text(body, 1), None)
            elif kind in (6, 7, 23, 24):
                places.pop(text(body, 1), None)
                if kind == 6:
                    places[text(body, 1)] = name("ROOM REMOTE", num(body, 2))
                state = {7: "LEFT", 23: "ON_LEAVE", 24: "ABSENT"}.get(kind) or name("IN_ROOM REMOTE", num(body, 2))
                people[text(body, 1)]["changes"].append({"attendance": state, "time": time(at)})
            elif kind == 22:
                revoked.add(raw(body, 2))
                weight, keys = members.get(text(body, 1), (0, []))
                if weight:
                    members[text(body, 1)] = (weight, [key for key in keys if key != raw(body, 2)])
            elif kind == 9:
                roll = raw(body, 4) if num(body, 2) == 0 else roll + raw(body, 4)
            elif kind == 10:
                voters = {text(one, 1): (num(one, 2), one.get(3, [])) for one in map(parse, parse(roll)[1])}
                check(f"entry {index}: the roll", voters, members)
                polls[text(body, 1)] = {
                    "body": body, "rule": sub(body, 5), "opened": time(at), "voters": voters, "ballots": [],
                    "state": "OPEN", "people": {who: people[who] for who in voters},
                    "motion": sha(b"e-cabinet/motion/v1\n" + raw(body, 3)), "roll": sha(b"e-cabinet/roll/v1\n" + roll),
                    "bytes": roll, "places": {}, "votes": {},
                }
            elif kind == 5:
                statement = parse(raw(sub(body, 1), 1))
                poll = polls[text(statement, 3)]
                ballot = take_ballot(poll, sub(body, 1), index, at, name("ROOM REMOTE", num(body, 2)))
                last = poll["votes"].get(ballot["member"])
                check(f"entry {index}: the poll", poll["state"], "OPEN")
                check(f"entry {index}: the place", ballot["place"], places.get(ballot["member"]))
                check(f"entry {index}: the revision", ballot["revision"] > last["revision"] and num(poll["rule"], 7) == 1
                      if last else ballot["revision"] == 1, True)
                poll["ballots"].append(ballot)
                poll["votes"][ballot["member"]] = ballot
            elif kind == 15:
                poll = polls[text(parse(raw(sub(body, 1), 1)), 3)]
                poll["tie"] = take_ballot(poll, sub(body, 1), index, at, None)
                check(f"entry {index}: the chair", poll["tie"]["member"], text(poll["body"], 9))
            elif kind in (11, 12, 13, 14, 16) and text(body, 1) in polls:
                poll = polls[text(body, 1)]
                poll["state"] = {11: "HELD", 12: "OPEN", 13: "CLOSED", 14: "DECIDED", 16: "VOIDED"}[kind]
                if kind == 13:
                    poll.update(closed=time(at), cause=name("ORDER TIMER", num(body, 2)), places=dict(places))
                if kind == 16:
                    poll["reason"] = text(body, 2)

        # The verdict, counted from the roll and the ballots by the poll's rule.
        def of_verdict(poll):
            rule, voters, votes = poll["rule"], poll["voters"], poll["votes"]
            def heads(who):
                who = list(who)
                return {"members": len(who), "weight": sum(voters[one][0] for one in who)}
            def both(choice):
                chosen = [one for one in votes.values() if one["choice"] == choice]
                room, remote = (heads(one["member"] for one in chosen if one["place"] == p) for p in ("ROOM", "REMOTE"))
                return {"room": room, "remote": remote, "total": heads(one["member"] for one in chosen)}
            yes, no, abstain = both(1), both(2), both(3)
            where = {who: poll["places"].get(who) or votes.get(who, {}).get("place") for who in voters}
            room, remote = (heads(who for who in voters if where[who] == place) for place in ("ROOM", "REMOTE"))
            quorum = of_quorum(rule, len(voters), room["members"], remote["members"])
            in_favour, against = yes["total"]["weight"], no["total"]["weight"]
            base = [heads(voters)["weight"], room["weight"] + remote["weight"],
                    in_favour + against + abstain["total"]["weight"], in_favour + against][num(rule, 3) - 1]
            part, whole = num(sub(rule, 4), 1), num(sub(rule, 4), 2)
            needed = base * part // whole + 1 if num(rule, 5) == 1 else max(1, -(-base * part // whole))
            chair, decided = votes.get(text(poll["body"], 9), {}).get("choice"), None
            if quorum["margin_members"] < 0:
                ground = "QUORUM_NOT_MET"
            elif in_favour >= needed:
                ground = "THRESHOLD_REACHED"
            elif in_favour != against or in_favour == 0:
                ground = "THRESHOLD_NOT_REACHED"
            elif num(rule, 6) == 2:
                ground = "TIE_FAILED"
            elif chair in (1, 2):
                ground, decided = "TIE_CHAIR_BALLOT", chair
            else:
                ground, decided = "TIE_CHAIR_CHOICE", poll["tie"]["choice"]
            carried = ground == "THRESHOLD_REACHED" or decided == 1
            return some(
                outcome="CARRIED" if carried else "NOT_CARRIED", ground=ground,
                tie_choice=name("YES NO", decided), yes=yes, no=no, abstain=abstain,
                not_voted=heads(who for who in voters if who not in votes), quorum=quorum,
                base_weight=base, needed_weight=needed, yes_weight=in_favour)

        # The files that are there: regular ones, hidden ones as well, and no links.
        there = set()
        def fail(error): raise error
        for folder, folders, names in os.walk(".", onerror=fail):
            for path in (os.path.join(folder, one) for one in folders + names):
                mode = os.lstat(path).st_mode
                if stat.S_ISREG(mode):
                    there.add(path[2:])
                elif not stat.S_ISDIR(mode):
                    stop(f"{path}: neither a regular file nor a folder")

        # The files of each poll, beside those of every meeting.
        files, results = set(
            "README.md bundle.json manifest meeting.json minutes.html ledger/checkpoint.txt ledger/entries.jsonl "
            "ledger/log-key.vkey ledger/meeting.cabinet-log".split()), []
        def of_ballot(folder, poll, ballot, stem, counts):
            signed, kind = ballot["signed"], num(ballot["signed"], 3)
            suffix = ["ecdsa.sig", "pss.sig", "ed25519.sig"][kind - 1]
            certificate = f"certificates/{sha(raw(signed, 5)).hex()}.pem"
            paths = [f"{folder}/{stem}.{part}" for part in ("signed", suffix, "key.pem")] + [certificate]
            files.update(paths)
            check(paths[0], read(paths[0]), b"e-cabinet/ballot/v1\n" + raw(signed, 1))
            check(paths[1], read(paths[1]), raw(signed, 2))
            check(paths[2], sha(der(paths[2], "PUBLIC KEY")), raw(signed, 4))
            check(paths[3], der(paths[3], "CERTIFICATE"), raw(signed, 5))
            return some(
                member=ballot["member"], choice=name("YES NO ABSTAIN", ballot["choice"]), revision=ballot["revision"],
                counts=counts, voted_from=ballot["place"], time=ballot["time"], entry=ballot["entry"],
                ballot_id=ballot["id"].hex(), algorithm=name("ECDSA_P256_SHA256 RSA_PSS_SHA256 ED25519", kind),
                key=raw(signed, 4).hex(), certificate=certificate, signed=f"{stem}.signed",
                signature=f"{stem}.{suffix}")
        for poll_id, poll in polls.items():
            folder, body = f"polls/{poll_id}", poll["body"]
            if poll["state"] not in ("DECIDED", "VOIDED"):
                stop(f"{folder}: the poll is in progress")
            has_verdict = poll["state"] == "DECIDED"
            votes = poll["votes"] if has_verdict else {}
            last = {ballot["entry"] for ballot in votes.values()}
            ballots = [
                of_ballot(folder, poll, one, f"ballots/{one['member']}.{one['revision']}", one["entry"] in last)
                for one in poll["ballots"] if one["entry"] in last or num(poll["rule"], 8) == 1]
            tie = of_ballot(folder, poll, poll["tie"], "tie", None) if "tie" in poll else None
            check(f"{folder}/ballots.json", load(f"{folder}/ballots.json"),
                  some(poll=poll_id, ballots=ballots, tie=tie))
            check(f"{folder}/motion.hashed", sha(read(f"{folder}/motion.hashed")), poll["motion"])
            check(f"{folder}/roll.hashed", sha(read(f"{folder}/roll.hashed")), poll["roll"])
            files.update(f"{folder}/{one}" for one in ("ballots.json", "result.json", "motion.hashed", "roll.hashed"))
            result = load(f"{folder}/result.json")
            results.append(dict(result))
            result.pop("explanation", None)
            motion = parse(raw(body, 3))
            check(f"{folder}/result.json", result, some(
                poll=poll_id, agenda_item=text(body, 2), state=poll["state"], rule=of_rule(poll["rule"]),
                motion={"digest": poll["motion"].hex(), "text": text(motion, 1), "documents": [
                    {"title": text(one, 1), "sha256": raw(one, 2).hex(), "media_type": text(one, 3),
                     "size_bytes": num(one, 4)} for one in map(parse, motion.get(2, []))]},
                chair=text(body, 9), opened=poll["opened"], closes=time(num(body, 10)), closed=poll.get("closed"),
                close_cause=poll.get("cause"), void_reason=poll.get("reason"),
                roll={"digest": poll["roll"].hex(), "members": len(poll["voters"]),
                      "weight": sum(weight for weight, _ in poll["voters"].values()), "voters": [
                    some(member=who, name=poll["people"][who]["name"], office=poll["people"][who].get("office"),
                         weight=weight, keys=[key.hex() for key in keys],
                         checked_in_at_close=poll["places"].get(who),
                         choice=name("YES NO ABSTAIN", votes[who]["choice"]) if who in votes else None,
                         voted_from=votes[who]["place"] if who in votes else None)
                    for who, (weight, keys) in poll["voters"].items()]},
                ballots_in_log=len(poll["ballots"]), ballots_shown=len(ballots),
                verdict=of_verdict(poll) if has_verdict else None))
            if has_verdict:
                verdict = result["verdict"]
                counts = [verdict[choice]["total"]["weight"] for choice in ("yes", "no", "abstain")]
                print(shown(folder), verdict["outcome"], "yes, no, abstain:", counts, "needed:", verdict["needed_weight"])
        check("files that nothing in the log leads to", sorted(there - files), [])
        check("files that are missing", sorted(files - there), [])

        # The meeting, its people and their attendance.
        said = load("meeting.json")
        for person in people.values():
            person["attendance"] = person["changes"][-1]["attendance"] if person["changes"] else "EXPECTED"
        check("meeting.json: participants", len(said["participants"]), len(people))
        check("meeting.json: participants", {one["participant"]: one for one in said["participants"]}, people)
        check("meeting.json: polls", said["polls"], results)
        for key in ("meeting", "title", "scheduled", "opened", "adjourned", "default_rule", "quorum_at_opening"):
            check(f"meeting.json: {key}", said.get(key), meeting.get(key))
        print(len(polls), "polls,", len(people), "people: as the log says")
        END
        """#
}
