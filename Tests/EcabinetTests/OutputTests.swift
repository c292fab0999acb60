import CabinetTexts
import Foundation
import Testing

@testable import ecabinet

/// How things are printed.
@Suite struct OutputTests {
    @Test("Vietnamese names align, whichever way their letters are composed")
    func alignment() {
        let name = "Nguyễn Thị Hường"
        var table = Table([.init("NAME"), .init("N", isNumeric: true)])
        table.add([Table.Cell(name.precomposedStringWithCanonicalMapping), "1"])
        table.add([Table.Cell(name.decomposedStringWithCanonicalMapping), "20"])
        table.add(["会议", "300"])
        let lines = table.lines(.plain)
        #expect(
            lines.map { $0.precomposedStringWithCanonicalMapping } == [
                "NAME                N",
                "Nguyễn Thị Hường    1",
                "Nguyễn Thị Hường   20",
                "会议              300",
            ]
        )
    }

    @Test("What others wrote does not reach the terminal as commands")
    func printable() {
        var table = Table([.init("NAME")])
        table.add(["\u{1b}]0;title\u{7}a\nb\u{202e}"])
        #expect(table.lines(.plain)[1] == "\u{fffd}]0;title\u{fffd}a b")
    }

    @Test("What a server says in the log of the connection is not a command to the terminal either")
    func connectionLog() throws {
        let line = LogLine(
            unixMilliseconds: 1_561_339_800_250,
            level: "info",
            message: "\u{1b}[2J",
            facts: [("subject", "CN=\u{9b}31m\u{202e}x")]
        )
        #expect(line.text.sanitized.hasSuffix(" info: \u{fffd}[2J subject=CN=\u{fffd}31mx"))
        let json = try JSONParser.value(of: Array(line.json.compactText.utf8))
        #expect(json["log"]?["attributes"]?["subject"] == .string("CN=\u{9b}31m\u{202e}x"))
        #expect(line.json.compactText.utf8.allSatisfy { (0x20...0x7e).contains($0) })
    }

    @Test("Times are in the zone for people, and in ISO 8601 with it for programs")
    func times() throws {
        let zone = try #require(TimeZone(identifier: "Asia/Ho_Chi_Minh"))
        let times = Times(zone: zone)
        #expect(times.local(unixMilliseconds: 1_561_339_800_250) == "2019-06-24 08:30:00")
        #expect(
            times.iso(unixMilliseconds: 1_561_339_800_250) == "2019-06-24T08:30:00.250+07:00"
        )
        #expect(times.json(unixMilliseconds: 0) == .null)
        let behind = Times(zone: try #require(TimeZone(secondsFromGMT: -12_600)))
        #expect(behind.iso(unixMilliseconds: -1) == "1969-12-31T20:29:59.999-03:30")
        // Neither has four digits for its year, and neither does harm.
        #expect(times.iso(unixMilliseconds: .max).hasSuffix(" ms"))
        #expect(times.iso(unixMilliseconds: .min).hasSuffix(" ms"))
    }

    @Test("Colours are for terminals, and for whoever asks for them")
    func colours() {
        let descriptor = open("/dev/null", O_WRONLY)
        defer { close(descriptor) }
        #expect(!ColorChoice.auto.style(of: descriptor, [:]).isColoured)
        #expect(ColorChoice.always.style(of: descriptor, ["NO_COLOR": "1"]).isColoured)
        #expect(!ColorChoice.never.style(of: descriptor, [:]).isColoured)
    }

    @Test(
        "Waiting times have units",
        arguments: [
            ("10", Duration.seconds(10)), ("1.5s", .milliseconds(1_500)),
            ("250ms", .milliseconds(250)), ("2m", .seconds(120)), ("24h", .seconds(86_400)),
        ]
    )
    func waitingTime(_ text: String, _ duration: Duration) {
        #expect(WaitingTime(argument: text)?.duration == duration)
    }

    @Test(
        "What is no waiting time is refused",
        arguments: ["", "s", "-1", "0", "nan", "inf", "25h", "1d", "1e300h"]
    )
    func noWaitingTime(_ text: String) {
        #expect(WaitingTime(argument: text) == nil)
    }
}
