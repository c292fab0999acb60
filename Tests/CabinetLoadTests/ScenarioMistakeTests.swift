import CabinetLoad
import Testing

/// What a person reads who has written a scenario wrongly: the line, the field and the problem.
@Suite struct ScenarioMistakeTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        var yaml: String
        var message: String

        init(_ message: String, _ yaml: String) {
            self.yaml = yaml
            self.message = message
        }

        var testDescription: String { message }
    }

    /// A timeline that is all right.
    private static let timeline = "timeline:\n  - at: 1s\n    poll: {}\n"

    private static let wholeFiles = [
        Mistake("the file is empty", ""),
        Mistake("the file is empty", "# nothing but a comment\n"),
        Mistake("line 1: this has to be fields with values, as «members: 27»", "- name: x\n"),
        Mistake("line 1: this has to be fields with values, as «members: 27»", "name\n"),
        Mistake("line 2: «name»: the field is missing", "\nmembers: 27\n" + timeline),
        Mistake("line 1: «timeline»: the field is missing", "name: x\n"),
        Mistake(
            "line 2: «timeline»: it has 0 steps, and has to have from 1 to 1000",
            "name: x\ntimeline: []\n"
        ),
        Mistake(
            "line 2: «timeline»: it has to be a list, each of whose entries begins with «- »",
            "name: x\ntimeline: 1s\n"
        ),
        Mistake("line 1: the name of a field is a word", "[name]: x\n"),
        Mistake("line 1: a field is there twice: name", "name: x\nname: y\n" + timeline),
        Mistake(
            "line 3: it is no YAML: could not find expected ':'",
            "name: x\nmembers\ndisplays: 3\n"
        ),
        Mistake(
            "line 2: it is no YAML: found character that cannot start any token",
            "name: x\nmembers: @27\n"
        ),
        Mistake(
            "line 3: it is no YAML: control characters are not allowed",
            "name: x\nmembers: 27\nremote: \u{1}\n"
        ),
        Mistake(
            "line 2: it is no YAML: found undefined alias",
            "name: x\nmembers: *nobody\n"
        ),
        Mistake(
            "line 4: it is no YAML: but found another document",
            "name: x\ntimeline: []\n\n--- \nname: y\n"
        ),
        Mistake(
            "the file has more than 262144 bytes",
            "name: x\n#" + String(repeating: "x", count: 256 * 1_024)
        ),
    ]

    private static let fields = [
        Mistake(
            "line 1: «name»: it has to have from 1 to 200 characters",
            "name: ''\n" + timeline
        ),
        Mistake("line 1: «name»: it has to be a single value", "name: [x]\n" + timeline),
        Mistake(
            "line 2: «member»: there is no such field; here there are absent, agenda, displays, "
                + "ending, members, name, remote, tablets, thresholds, timeline",
            "name: x\nmember: 3\n" + timeline
        ),
        Mistake(
            "line 2: «members»: it is «many», and has to be a whole number from 1 to 600",
            "name: x\nmembers: many\n" + timeline
        ),
        Mistake(
            "line 2: «members»: it is «601», and has to be a whole number from 1 to 600",
            "name: x\nmembers: 601\n" + timeline
        ),
        Mistake(
            "line 2: «members»: it is «99999999999999999999», and has to be a whole number from 1 to "
                + "600",
            "name: x\nmembers: 99999999999999999999\n" + timeline
        ),
        Mistake(
            "line 2: «members»: it is «\(String(repeating: "9", count: 60))…», and has to be a whole "
                + "number from 1 to 600",
            "name: x\nmembers: \(String(repeating: "9", count: 500))\n" + timeline
        ),
        Mistake(
            "line 3: «absent»: it is «3», and has to be a whole number from 0 to 2",
            "name: x\nmembers: 3\nabsent: 3\n" + timeline
        ),
        Mistake(
            "line 4: «remote»: it is «3», and has to be a whole number from 0 to 2",
            "name: x\nmembers: 3\nabsent: 1\nremote: 3\n" + timeline
        ),
        Mistake(
            "line 2: «tablets»: it is «yes», and has to be true or false",
            "name: x\ntablets: yes\n" + timeline
        ),
        Mistake(
            "line 2: «displays»: it is «-1», and has to be a whole number from 0 to 10000",
            "name: x\ndisplays: -1\n" + timeline
        ),
        Mistake(
            "line 3: «displays»: 600 members and 1 devices of boards are more than the 600 "
                + "participants that a meeting may have",
            "name: x\nmembers: 600\ndisplays: 1\n" + timeline
        ),
        Mistake(
            "line 2: «ending»: it is «25h», and has to be from 0s to 86400s",
            "name: x\nending: 25h\n" + timeline
        ),
        Mistake(
            "line 2: «ending»: it is «10», and has to be a time as 500ms, 1.5s or 23m",
            "name: x\nending: 10\n" + timeline
        ),
        Mistake(
            "line 3: «agenda.documents»: it is «17», and has to be a whole number from 0 to 16",
            "name: x\nagenda:\n  documents: 17\n" + timeline
        ),
        Mistake(
            "line 2: «agenda»: this has to be fields with values, as «members: 27»",
            "name: x\nagenda: 3\n" + timeline
        ),
        Mistake(
            "line 3: «thresholds.vote_p99_ms»: it is «fast», and has to be a number from 0.0 to "
                + "600000.0",
            "name: x\nthresholds:\n  vote_p99_ms: fast\n" + timeline
        ),
        Mistake(
            "line 3: «thresholds.late_sends_percent»: it is «nan», and has to be a number from 0.0 "
                + "to 100.0",
            "name: x\nthresholds:\n  late_sends_percent: nan\n" + timeline
        ),
        Mistake(
            "line 4: «thresholds.p99»: there is no such field; here there are delivery_p99_ms, "
                + "errors, late_sends_percent, read_p99_ms, return_ms, vote_p50_ms, vote_p99_ms",
            "name: x\nthresholds:\n  errors: 1\n  p99: 3\n" + timeline
        ),
    ]

    private static func step(_ message: String, _ step: String) -> Mistake {
        Mistake(message, "name: x\ndisplays: 10\ntimeline:\n  - at: 0s\n    poll: {}\n" + step)
    }

    private static let steps = [
        step("line 6: «timeline[1].at»: the field is missing", "  - poll: {}\n"),
        step(
            "line 6: «timeline[1]»: this has to be fields with values, as «members: 27»",
            "  - poll\n"
        ),
        step(
            "line 8: «timeline[1].restart»: a step has one of poll, reads, presence, drop, stall, "
                + "restart",
            "  - at: 1s\n    poll: {}\n    restart: {way: kill}\n"
        ),
        step(
            "line 7: «timeline[1].pol»: there is no such field; here there are at, drop, every, "
                + "poll, presence, reads, restart, stall, times",
            "  - at: 1s\n    pol: {}\n"
        ),
        step(
            "line 7: «timeline[1].until»: there is no such field; here there are at, every, poll, times",
            "  - at: 1s\n    until: 3s\n    poll: {}\n"
        ),
        step(
            "line 6: «timeline[1].every»: the field is missing: a step that is repeated has «every» "
                + "and «times»",
            "  - {at: 1s, restart: , times: 3}\n"
        ),
        step(
            "line 6: «timeline[1].times»: the field is missing: a step that is repeated has «every» "
                + "and «times»",
            "  - {at: 1s, restart: , every: 3s}\n"
        ),
        step(
            "line 6: «timeline[1].times»: up to here there are 1001 steps, and a scenario has at most "
                + "1000",
            "  - {at: 1s, restart: , every: 3s, times: 1000}\n"
        ),
        step(
            "line 9: «timeline[1].times»: the last of them is at 86401s, and a rehearsal lasts at most "
                + "86400s",
            "  - at: 1s\n    restart:\n    every: 12h\n    times: 3\n"
        ),
        step(
            "line 6: «timeline[1].poll.over»: it belongs to the arrivals spread and poisson",
            "  - {at: 1s, poll: {over: 3s}}\n"
        ),
        step(
            "line 6: «timeline[1].poll.over»: the field is missing: the time over which the ballots "
                + "arrive",
            "  - {at: 1s, poll: {arrival: spread}}\n"
        ),
        step(
            "line 6: «timeline[1].poll.arrival»: it is «soon», and has to be one of all_at_once, "
                + "spread, poisson",
            "  - {at: 1s, poll: {arrival: soon}}\n"
        ),
        step(
            "line 6: «timeline[1].poll.voters»: it is «28», and has to be a whole number from 1 to 27",
            "  - {at: 1s, poll: {voters: 28}}\n"
        ),
        step(
            "line 6: «timeline[1].poll.ballots»: it is «21», and has to be a whole number from 1 to "
                + "20",
            "  - {at: 1s, poll: {ballots: 21}}\n"
        ),
        step(
            "line 6: «timeline[1].reads.per_second»: the field is missing",
            "  - {at: 1s, reads: {for: 10s}}\n"
        ),
        step(
            "line 6: «timeline[1].reads.arrival»: reads are spread or poisson",
            "  - {at: 1s, reads: {per_second: 1, for: 10s, arrival: all_at_once}}\n"
        ),
        step(
            "line 8: «timeline[2].at»: up to here there are 8640000 calls of reads and presence, and a "
                + "scenario has at most 5000000",
            "  - {at: 1s, reads: {per_second: 50, for: 24h}}\n\n"
                + "  - {at: 2s, presence: {per_second: 50, for: 24h}}\n"
        ),
        step(
            "line 6: «timeline[1].drop.share»: it is «1.5», and has to be a number from 0.001 to 1.0",
            "  - {at: 1s, drop: {share: 1.5}}\n"
        ),
        step(
            "line 6: «timeline[1].drop.who»: it is «all», and has to be one of members, followers, "
                + "everybody",
            "  - {at: 1s, drop: {who: all}}\n"
        ),
        step(
            "line 8: «timeline[1].stall.displays»: it is 11, and the scenario has 10 displays",
            "  - at: 1s\n    stall:\n      displays: 11\n      for: 3s\n"
        ),
        step(
            "line 6: «timeline[1].stall.displays»: the field is missing",
            "  - {at: 1s, stall: {for: 3s}}\n"
        ),
        step(
            "line 6: «timeline[1].restart.way»: it is «off», and has to be one of kill, stop",
            "  - {at: 1s, restart: {way: off}}\n"
        ),
    ]

    @Test(arguments: wholeFiles + fields + steps)
    func isNamedWithItsPlace(_ mistake: Mistake) {
        let error = #expect(throws: ScenarioError.self) { try Scenario(yaml: mistake.yaml) }
        #expect(error?.description == mistake.message)
    }

    @Test("The 201st poll is too much")
    func polls() throws {
        func yaml(_ count: Int) -> String {
            "name: x\ntimeline:\n"
                + (0..<count).map { "  - at: \($0)s\n    poll:\n" }.joined()
        }
        #expect(try Scenario(yaml: yaml(200)).timeline.count == 200)
        let error = #expect(throws: ScenarioError.self) { try Scenario(yaml: yaml(201)) }
        #expect(
            error?.description
                == "line 404: «timeline[200].poll»: a meeting has at most 200 polls"
        )
    }

    @Test("The 1001st step is too much")
    func tooManySteps() {
        let steps = (0...1_000).map { "  - at: \($0)s\n    restart:\n" }.joined()
        let error = #expect(throws: ScenarioError.self) {
            try Scenario(yaml: "name: x\ntimeline:\n" + steps)
        }
        #expect(
            error?.description
                == "line 3: «timeline»: it has 1001 steps, and has to have from 1 to 1000"
        )
    }

    @Test(
        "A value that is made of aliases of aliases is refused, also as the name of a field",
        arguments: ["agenda: *a30", "*a30 : 1", "? *a30\n: 1", "? [*a30]\n: 1", "agenda: [ *a30 ]"]
    )
    func aliasBomb(_ last: String) {
        let bomb =
            "name: x\na0: &a0 [y]\n"
            + (1...30).map { "a\($0): &a\($0) [*a\($0 - 1),*a\($0 - 1)]\n" }.joined()
        let error = #expect(throws: ScenarioError.self) { try Scenario(yaml: bomb + last) }
        #expect(
            error?.description
                == "line 8: there are more than 10 aliases («*name»); write out what they stand for"
        )
    }

    @Test("A bomb of as many aliases as are allowed is refused before long")
    func smallBomb() {
        let bomb =
            "name: x\na0: &a0 [\(String(repeating: "y,", count: 3_000))]\n"
            + (1...4).map { "a\($0): &a\($0) [*a\($0 - 1),*a\($0 - 1)]\n" }.joined()
        let error = #expect(throws: ScenarioError.self) {
            try Scenario(yaml: bomb + "? [*a4,*a4]\n: 1")
        }
        #expect(error?.description == "line 7: the name of a field is a word")
    }

    @Test("A few aliases are what they stand for")
    func aliases() throws {
        let scenario = try Scenario(
            yaml: """
                name: x
                timeline:
                  - at: 1s
                    poll: &vote {arrival: poisson, over: 3s}
                  - at: 9s
                    poll: *vote
                """
        )
        #expect(scenario.timeline.map(\.action).first == scenario.timeline.map(\.action).last)
    }

    @Test("Deep nesting is refused, and does not end the process", arguments: ["[", "{a: ", "- "])
    func depth(_ opening: String) {
        #expect(throws: ScenarioError.self) {
            try Scenario(yaml: String(repeating: opening, count: 50_000))
        }
    }

    @Test("Messages have no control characters of the file in them")
    func controlCharacters() {
        let yaml = "name: x\n\"mem\\e[31mbers\": 3\n" + Self.timeline
        let error = #expect(throws: ScenarioError.self) { try Scenario(yaml: yaml) }
        #expect(error?.field == "mem\u{fffd}[31mbers")
    }
}
