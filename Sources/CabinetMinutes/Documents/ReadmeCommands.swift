/// The commands of `README.md`. They are run in the folder, one after the other, in one shell; they need
/// openssl 3, sha256sum and python3 of any Debian, and nothing of ours. Each stops with an error where
/// something is wrong.
enum ReadmeCommands {
    static let files = "sha256sum --check --strict --quiet manifest"

    static let key = "KEY='name+id+base64'"

    /// The signature of the checkpoint.
    static let checkpoint = #"""
        T=$(mktemp -d)
        python3 - "$KEY" "$T" <<'END'
        import base64, hashlib, sys
        name, _, material = sys.argv[1].split("+", 2)
        material = base64.b64decode(material)
        note = open("ledger/checkpoint.txt", encoding="utf-8").read()
        text, _, signatures = note.rpartition("\n\n")
        origin = text.split("\n")[0]
        if origin != name and not origin.startswith(name + "/"):
            sys.exit(f"the key is of {name}, and the log is {origin}")
        key_id = hashlib.sha256(origin.encode() + b"\n" + material).digest()[:4]
        found = [base64.b64decode(line.split(" ")[2]) for line in signatures.splitlines()]
        found = [one[4:] for one in found if one[:4] == key_id]
        if not found:
            sys.exit("the checkpoint is not signed with this key")
        spki = bytes.fromhex("302a300506032b6570032100") + material[1:]
        with open(sys.argv[2] + "/key.pem", "w") as file:
            body = base64.b64encode(spki).decode()
            file.write(f"-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n")
        open(sys.argv[2] + "/text", "wb").write(text.encode() + b"\n")
        open(sys.argv[2] + "/signature", "wb").write(found[0])
        END
        openssl pkeyutl -verify -pubin -inkey "$T/key.pem" -rawin -in "$T/text" -sigfile "$T/signature"
        """#

    /// The root hash of the entries (RFC 6962, section 2.1).
    static let entries = #"""
        python3 - <<'END'
        import base64, hashlib, json, sys
        def pieces():
            with open("ledger/meeting.cabinet-log", "rb") as file:
                file.read(17)
                while length := file.read(4):
                    yield file.read(int.from_bytes(length, "big"))
        checkpoint, *entries = pieces()
        if checkpoint != open("ledger/checkpoint.txt", "rb").read():
            sys.exit("the log file has another checkpoint")
        lines = [json.loads(line) for line in open("ledger/entries.jsonl", encoding="utf-8")]
        if [base64.b64decode(line["bytes"]) for line in lines] != entries:
            sys.exit("ledger/entries.jsonl has other entries than the log file")
        stack = []
        for entry in entries:
            size, digest = 1, hashlib.sha256(b"\0" + entry).digest()
            while stack and stack[-1][0] == size:
                digest = hashlib.sha256(b"\1" + stack.pop()[1] + digest).digest()
                size *= 2
            stack.append((size, digest))
        digest = stack.pop()[1]
        while stack:
            digest = hashlib.sha256(b"\1" + stack.pop()[1] + digest).digest()
        _, count, root = checkpoint.decode().split("\n")[:3]
        if (len(entries), base64.b64encode(digest).decode()) != (int(count), root):
            sys.exit("the entries are not those of the checkpoint")
        print(f"{len(entries)} entries, root hash {root}")
        END
        """#

    /// The signature of each ballot.
    static let ballots = #"""
        (
          for s in polls/*/ballots/*.ecdsa.sig polls/*/tie.ecdsa.sig; do
            [ -e "$s" ] || continue; b=${s%.ecdsa.sig}; echo "$b"
            openssl dgst -sha256 -verify "$b.key.pem" -signature "$s" "$b.signed" || exit 1
          done
          for s in polls/*/ballots/*.pss.sig polls/*/tie.pss.sig; do
            [ -e "$s" ] || continue; b=${s%.pss.sig}; echo "$b"
            openssl dgst -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 \
              -verify "$b.key.pem" -signature "$s" "$b.signed" || exit 1
          done
          for s in polls/*/ballots/*.ed25519.sig polls/*/tie.ed25519.sig; do
            [ -e "$s" ] || continue; b=${s%.ed25519.sig}; echo "$b"
            openssl pkeyutl -verify -pubin -inkey "$b.key.pem" -rawin -in "$b.signed" -sigfile "$s" || exit 1
          done
        )
        """#

    /// What the ballots say, and whether they are those of the log and of the roll.
    static let count = #"""
        python3 - <<'END'
        import base64, glob, hashlib, json, os, re, sys
        def fields(data):
            at = 0
            def number():
                nonlocal at
                value = shift = 0
                while True:
                    byte = data[at]; at += 1
                    value |= (byte & 127) << shift; shift += 7
                    if byte < 128:
                        return value
            while at < len(data):
                key = number()
                if key & 7 == 0:
                    yield key >> 3, number()
                else:
                    size = number()
                    yield key >> 3, data[at : at + size]
                    at += size
        def read(path):
            with open(path, "rb") as file:
                return file.read()
        def spki(path):
            return base64.b64decode(b"".join(read(path).splitlines()[1:-1]))
        entries = [base64.b64decode(json.loads(line)["bytes"]) for line in open("ledger/entries.jsonl")]
        for poll in sorted(glob.glob("polls/*")):
            motion, roll = read(poll + "/motion.hashed"), read(poll + "/roll.hashed")
            digests = [hashlib.sha256(motion).digest(), hashlib.sha256(roll).digest()]
            voters = {}
            for _, data in fields(roll.partition(b"\n")[2]):
                voter = list(fields(data))
                keys = {value for field, value in voter if field == 3}
                voters[dict(voter)[1].decode()] = (dict(voter)[2], keys)
            votes = {}
            listed = json.load(open(poll + "/ballots.json", encoding="utf-8"))
            ballots = listed["ballots"] + ([listed["tie"]] if "tie" in listed else [])
            for ballot in ballots:
                signed, signature = (read(f"{poll}/{ballot[part]}") for part in ("signed", "signature"))
                key = spki(f"{poll}/{re.sub(r'[.]signed$', '', ballot['signed'])}.key.pem")
                who, entry = ballot["member"], entries[ballot["entry"]]
                statement = dict(fields(signed.partition(b"\n")[2]))
                if not all(part in entry for part in (signed.partition(b"\n")[2], signature, key)):
                    sys.exit(f"{poll}: entry {ballot['entry']} is another ballot than that of {who}")
                if hashlib.sha256(key).digest() not in voters[who][1]:
                    sys.exit(f"{poll}: the key of {who} is not on the roll")
                if (statement[3].decode(), statement[4].decode()) != (os.path.basename(poll), who):
                    sys.exit(f"{poll}: the statement of {who} is of another poll or member")
                if [statement[7], statement[8]] != digests:
                    sys.exit(f"{poll}: the statement of {who} is on another motion or roll")
                if ballot.get("counts"):
                    if who in votes:
                        sys.exit(f"{poll}: two ballots of {who} count")
                    votes[who] = statement[6]
            verdict = json.load(open(poll + "/result.json", encoding="utf-8")).get("verdict")
            if verdict:
                found = [sum(voters[who][0] for who in votes if votes[who] == c) for c in (1, 2, 3)]
                said = [verdict[choice]["total"]["weight"] for choice in ("yes", "no", "abstain")]
                print(poll, "yes, no, abstain:", found, verdict["outcome"])
                if found != said:
                    sys.exit(f"{poll}: the result says {said}")
        END
        """#
}
