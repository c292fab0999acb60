/// The commands of `README.md`. They are run in the folder, one after the other, in one shell; they need
/// openssl 3, sha256sum and python3 of any Debian, and nothing of ours. Each stops with an error where
/// something is wrong.
enum ReadmeCommands {
    /// The key from the operator, for all commands below.
    static let key = "KEY='name+id+base64'"

    /// Those of e-Cabinet, which is in the folder `SOURCES`.
    static let programs = #"""
        ecabinet verify . --log-key "$KEY"
        "$SOURCES/scripts/verify-minutes" . --key "$KEY"
        """#

    /// The manifest is that of the files, and they are all that there is.
    ///
    /// The parentheses make it one command, so that `set -e` ends the shell where any of it fails.
    static let files = #"""
        T=$(mktemp -d) && (
          if LC_ALL=C grep -q '[^ -~]' manifest; then echo "manifest: it has a byte that no name has"; exit 1; fi
          sha256sum --check --strict --quiet manifest &&
          cut -c 67- manifest > "$T/named" &&
          find . ! -type d ! -path ./manifest | cut -c 3- | LC_ALL=C sort > "$T/found" &&
          { diff "$T/named" "$T/found" > "$T/other" || { cat -v "$T/other"; exit 1; }; }
        )
        """#

    /// The signature of the checkpoint.
    static let checkpoint = #"""
        python3 - "$KEY" "$T" <<'END'
        import base64, hashlib, sys
        name, _, material = sys.argv[1].split("+", 2)
        material = base64.b64decode(material)
        note = open("ledger/checkpoint.txt", encoding="utf-8").read()
        text, _, signatures = note.rpartition("\n\n")
        origin = text.split("\n")[0]
        if origin != name and not origin.startswith(name + "/"):
            sys.exit(f"the key is of {name!r}, and the log is {origin!r}")
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
        def once(pairs):
            if len(dict(pairs)) < len(pairs):
                sys.exit("ledger/entries.jsonl: a name is there twice")
            return dict(pairs)
        with open("ledger/entries.jsonl", encoding="utf-8") as file:
            lines = [json.loads(line, object_pairs_hook=once) for line in file]
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

    /// The signature of each ballot. What is printed are names of files, and nothing that a terminal would obey.
    static let ballots = #"""
        (
          say() {
            case $1 in *[!A-Za-z0-9/._-]*) echo "in polls/ there is a name that no file has"; exit 1 ;; esac
            echo "$1"
          }
          for s in polls/*/ballots/*.ecdsa.sig polls/*/tie.ecdsa.sig; do
            [ -e "$s" ] || continue; b=${s%.ecdsa.sig}; say "$b"
            openssl dgst -sha256 -verify "$b.key.pem" -signature "$s" "$b.signed" || exit 1
          done
          for s in polls/*/ballots/*.pss.sig polls/*/tie.pss.sig; do
            [ -e "$s" ] || continue; b=${s%.pss.sig}; say "$b"
            openssl dgst -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 \
              -verify "$b.key.pem" -signature "$s" "$b.signed" || exit 1
          done
          for s in polls/*/ballots/*.ed25519.sig polls/*/tie.ed25519.sig; do
            [ -e "$s" ] || continue; b=${s%.ed25519.sig}; say "$b"
            openssl pkeyutl -verify -pubin -inkey "$b.key.pem" -rawin -in "$b.signed" -sigfile "$s" || exit 1
          done
        )
        """#
}
