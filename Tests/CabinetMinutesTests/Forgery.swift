import CabinetMinutes
import Testing

/// Minutes in which somebody has changed what a file says of the log, and made the manifest anew.
struct Forgery: Sendable {
    let name: String
    /// The file that has to be named.
    let path: String
    /// Whether the commands of README.md compare it as well.
    let isFoundByCommands: Bool
    private let change: @Sendable (inout TamperedBundle) -> Void

    init(
        _ name: String,
        at path: String,
        isFoundByCommands: Bool = true,
        _ change: @escaping @Sendable (inout TamperedBundle) -> Void
    ) {
        self.name = name
        self.path = path
        self.isFoundByCommands = isFoundByCommands
        self.change = change
    }

    /// The same change in a poll's result and in the meeting, which has it as well.
    private init(_ name: String, in poll: String, _ text: String, _ other: String) {
        self.init(name, at: "polls/\(poll)/result.json") { bundle in
            bundle.replace(text, with: other, in: "polls/\(poll)/result.json")
            bundle.replace(text, with: other, in: "meeting.json")
        }
    }

    private init(
        _ name: String,
        inMeeting text: String,
        _ other: String,
        isFoundByCommands: Bool = true
    ) {
        self.init(name, at: "meeting.json", isFoundByCommands: isFoundByCommands) { bundle in
            bundle.replace(text, with: other, in: "meeting.json")
        }
    }

    var bundle: TamperedBundle {
        var bundle = TamperedBundle()
        change(&bundle)
        bundle.rebuildManifest()
        return bundle
    }

    static let all: [Forgery] = [
        Forgery("motion", in: "revocable", "motion of revocable", "motion of irrevocable"),
        Forgery("rule", in: "revocable", "\"MORE_THAN\"", "\"AT_LEAST\""),
        Forgery("quorum of a rule", in: "tied", "\"quorum\": \"2/3\"", "\"quorum\": \"1/3\""),
        Forgery("name on a roll", in: "tied", "Phạm Hồng", "Phạm Hòng"),
        Forgery("office on a roll", in: "tied", "\"Phó Thủ tướng\"", "\"Phó Thủ tướng 2\""),
        Forgery("weight on a roll", in: "voided", "\"weight\": 2,", "\"weight\": 3,"),
        Forgery("time of a poll", in: "tied", "T02:02:04.500Z", "T02:02:05.500Z"),
        Forgery("outcome", in: "tied", "\"NOT_CARRIED\"", "\"CARRIED\""),
        Forgery("ground", in: "named", "\"THRESHOLD_NOT_REACHED\"", "\"QUORUM_NOT_MET\""),
        Forgery("number needed", in: "revocable", "\"needed_weight\": 5", "\"needed_weight\": 4"),
        Forgery("quorum", in: "revocable", "\"counted_members\": 5", "\"counted_members\": 6"),
        Forgery("choice of a voter", in: "revocable", "\"choice\": \"YES\"", "\"choice\": \"NO\""),
        Forgery("why it was voided", in: "voided", "sai <nội dung>", "đúng <nội dung>"),
        Forgery(
            "name twice",
            in: "tied",
            "\"outcome\": \"NOT_CARRIED\",",
            "\"outcome\": \"CARRIED\",\n    \"outcome\": \"NOT_CARRIED\","
        ),
        Forgery("title", inMeeting: "\"title\": \"", "\"title\": \"2 "),
        Forgery("attendance", inMeeting: "\"ON_LEAVE\"", "\"ABSENT\""),
        Forgery("role", inMeeting: "\"SECRETARY\"", "\"GUEST\""),
        Forgery("time of the opening", inMeeting: "T02:01:00.000Z", "T02:01:00.001Z"),
        Forgery("agenda", inMeeting: "Dự thảo <i>", "Dự thảo <b>", isFoundByCommands: false),
        Forgery("course", inMeeting: "\"checked_out\"", "\"checked_in\"", isFoundByCommands: false),
        Forgery("what counts", at: "polls/revocable/ballots.json") { bundle in
            bundle.replace(
                "\"counts\": true",
                with: "\"counts\": false",
                in: "polls/revocable/ballots.json"
            )
        },
        Forgery("ballot left out", at: "polls/revocable/ballots.json") { bundle in
            let path = "polls/revocable/ballots.json"
            let parts = String(decoding: bundle[path] ?? [], as: UTF8.self).split(
                separator: ",\n    {\n"
            )
            bundle[path] = Array(
                parts.filter { !$0.contains("\"member\": \"m5\"") }.joined(separator: ",\n    {\n")
                    .utf8
            )
            for file in bundle.files.keys where file.text.hasPrefix("polls/revocable/ballots/m5.") {
                bundle[file.text] = nil
            }
        },
        Forgery("ballot put in", at: "polls/tied/ballots/m9.1.key.pem") { bundle in
            for part in ["signed", "key.pem"] {
                bundle["polls/tied/ballots/m9.1.\(part)"] =
                    bundle["polls/tied/ballots/m3.1.\(part)"]
            }
        },
        Forgery("certificate", at: "certificates/\(certificate)") { bundle in
            guard let path = BundlePath("certificates/\(certificate)") else { return }
            bundle.flip(0, of: 200, in: path)
        },
        Forgery("time zone", at: "bundle.json", isFoundByCommands: false) { bundle in
            bundle.replace("+07:00", with: "+07:01", in: "bundle.json")
        },
        Forgery("author of an entry", at: "ledger/entries.jsonl", isFoundByCommands: false) {
            bundle in
            bundle.replace("\"by\":\"m1\"", with: "\"by\":\"m2\"", in: "ledger/entries.jsonl")
        },
    ]

    /// What no program but ours compares.
    static let words: [Forgery] = [
        Forgery("sentence", at: "polls/tied/result.json", isFoundByCommands: false) { bundle in
            let results = ["tied", "named"].map { "polls/\($0)/result.json" }
            for path in results + ["meeting.json"] {
                bundle.replace("Not carried: ", with: "Carried: ", in: path)
            }
        },
        Forgery("page", at: "minutes.html", isFoundByCommands: false) { bundle in
            bundle.replace("Phạm Hồng", with: "Phạm Hòng", in: "minutes.html")
        },
        Forgery("README", at: "README.md", isFoundByCommands: false) { bundle in
            bundle.replace("openssl", with: "true", in: "README.md")
        },
    ]

    private static let certificate =
        SampleMeeting.bundle.files.map(\.path.text)
        .filter { $0.hasPrefix("certificates/") }.map { String($0.dropFirst(13)) }.first ?? ""
}

extension Forgery: CustomTestStringConvertible {
    var testDescription: String { name }
}
