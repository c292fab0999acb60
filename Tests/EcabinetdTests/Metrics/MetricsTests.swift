import CabinetAPI
import CabinetRPC
import Foundation
import TLSTestSupport
import Testing

/// `--metrics` of a real server.
@Suite(.timeLimit(.minutes(5))) struct MetricsTests {
    private static let rpc = "cabinet_rpc_server_"
    private let folder: TemporaryFolder
    private var data: String { folder.path("data") }

    init() throws {
        folder = try TemporaryFolder()
    }

    private static let hasPromtool =
        (try? run("/bin/bash", ["-c", "command -v promtool"], in: "/").status) == 0

    private func calls(_ method: String, _ code: String = "OK") -> String {
        "\(Self.rpc)calls_total{method=\"cabinet.v1.\(method)\",code=\"\(code)\"}"
    }

    /// Asks until something is so: what a client has the answer of is counted a moment later.
    private func scrape(_ port: Int, until isSo: (Scrape) -> Bool) async throws -> Scrape {
        for _ in 0..<3_000 {
            let scrape = try await Scrape(port: port)
            if isSo(scrape) { return scrape }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw Running.NothingSaid(description: try await Scrape(port: port).text)
    }

    /// A server whose five members have voted while one follows, as it counts that.
    private func afterMeeting(
        _ check: (_ before: Scrape, _ after: Scrape, Server) async throws -> Void
    ) async throws {
        let server = try await Server(data: data, ["--metrics": "127.0.0.1:0"])
        let port = try await server.metricsPort()
        let meeting = try await ShortMeeting(server, in: folder)
        let secretary = try meeting.client("secretary")
        try await meeting.open(secretary)
        let follower = try meeting.client("m1")
        var events = try await LiveService.Client(follower).followMeeting(
            FollowMeetingRequest(meetingID: "meeting", audience: .members)
        ).makeAsyncIterator()
        _ = try await events.next()
        let live = Self.rpc + "subscriptions{state=\"LIVE\"}"
        let before = try await scrape(port) { $0.value(live) == 1 }
        for name in ShortMeeting.members { try await meeting.vote(name) }
        for _ in ShortMeeting.members { _ = try await events.next() }
        let delivered = Self.rpc + "events_delivered_total"
        let after = try await scrape(port) { scrape in
            scrape.value(calls("VotingService.CastBallot")) == 5
                && scrape.value(delivered) == (before.value(delivered) ?? 0) + 5
                && scrape.value(Self.rpc + "connections") == 2
        }
        try await check(before, after, server)
        await follower.close()
        await secretary.close()
    }

    @Test("Counters move by what was done, and gauges say what there is")
    func counts() async throws {
        try await afterMeeting { before, after, _ in
            func moved(_ series: String) -> Double? {
                guard let old = before.value(series), let new = after.value(series) else {
                    return nil
                }
                return new - old
            }
            #expect(before.value(calls("VotingService.CastBallot")) == 0)
            #expect(moved(calls("VotingService.CastBallot", "INVALID_ARGUMENT")) == 0)
            let duration = Self.rpc + "call_duration_seconds"
            let method = "method=\"cabinet.v1.VotingService.CastBallot\""
            #expect(after.value("\(duration)_count{\(method)}") == 5)
            #expect(after.value("\(duration)_bucket{\(method),le=\"+Inf\"}") == 5)
            #expect(after.value("\(duration)_sum{\(method)}") ?? 0 > 0)
            // One connection each.
            #expect(moved(Self.rpc + "connections_total") == 5)
            #expect(
                moved(Self.rpc + "handshake_duration_seconds_count{outcome=\"FULL\"}") == 5
            )
            #expect(
                after.value(Self.rpc + "handshake_duration_seconds_count{outcome=\"FAILED\"}") == 0
            )
            #expect(moved(Self.rpc + "subscriptions{state=\"BEHIND\"}") == 0)
            #expect(after.value(Self.rpc + "subscriptions_total{start=\"SNAPSHOT\"}") == 1)
            #expect(moved("ecabinet_ledger_entries") == 5)
            #expect(moved("ecabinet_ledger_bytes") ?? 0 > 1_000)
            #expect(moved("ecabinet_commit_duration_seconds_count") == 5)
            // Ballots, and the questions that their members ask before and after.
            #expect(moved("ecabinet_batch_orders_sum") ?? 0 >= 5)
            #expect(after.value("ecabinet_queue_orders") == 0)
            #expect(after.value("ecabinet_queue_bytes") == 0)
            #expect(after.value("ecabinet_ballots_verifying") == 0)
            #expect(after.value("ecabinet_database_bytes{file=\"DATABASE\"}") ?? 0 >= 4_096)
        }
    }

    @Test(
        "promtool, which is not ours, finds nothing wrong with the metrics",
        .enabled(if: hasPromtool, "there is no promtool; scripts/setup installs it")
    )
    func promtool() async throws {
        try await afterMeeting { _, after, _ in
            _ = try folder.write(after.text, "metrics.txt")
            let (status, output) = try run(
                "/bin/bash",
                ["-c", "promtool check metrics < metrics.txt 2>&1"],
                in: folder.path
            )
            #expect(status == 0, "\(output)")
            #expect(output.isEmpty, "\(output)")
        }
    }

    @Test("METRICS.md has every family that is exported, and no other, with the same words")
    func document() async throws {
        try await afterMeeting { _, after, _ in
            let documented = try Self.documented()
            for family in after.families {
                #expect(documented[family.name]?.family == family, "\(family.name)")
            }
            let exported = Set(after.families.map(\.name))
            #expect(exported == Set(documented.keys))
            #expect(exported.count == after.families.count)
            for (name, entry) in documented {
                let series = after.series(of: name)
                // Nobody was refused, and none was sent away.
                let mayBeEmpty = ["connections_refused_total", "connections_ended_total"]
                    .contains { name == Self.rpc + $0 }
                #expect(mayBeEmpty || !series.isEmpty, "\(name)")
                for one in series {
                    #expect(Self.labels(one) == entry.labels, "\(one)")
                }
            }
        }
    }

    @Test("No name of anybody, nor of a meeting or poll, is in the metrics")
    func personalData() async throws {
        try await afterMeeting { _, after, _ in
            let values = after.samples.keys.flatMap { series in
                series.split(separator: "\"").enumerated().filter { $0.offset % 2 == 1 }
                    .map { String($0.element) }
            }
            for name in ShortMeeting.members + ["secretary", "admin", "meeting", "poll", "item"] {
                #expect(!values.contains(name), "\(name)")
            }
            #expect(!after.text.contains("Ông"))
            #expect(!after.text.contains("127.0.0.1"))
        }
    }

    @Test("A method that there is not has no series of its own")
    func unknownMethod() async throws {
        let server = try await Server(data: data, ["--metrics": "127.0.0.1:0"])
        let port = try await server.metricsPort()
        let before = try await Scrape(port: port)
        try await server.withClient("client") { client in
            for number in 50_000..<50_010 as Range<UInt16> {
                let method = UnaryMethod<GetSelfRequest, GetSelfResponse>(
                    number: number,
                    name: "a.B.C\(number)",
                    idempotency: .safe
                )
                await #expect(throws: RPCError.self) {
                    _ = try await client.call(method, GetSelfRequest(), options: CallOptions())
                }
            }
        }
        let unknown = Self.rpc + "calls_refused_total{reason=\"METHOD_UNKNOWN\"}"
        let after = try await scrape(port) { $0.value(unknown) == 10 }
        #expect(Set(after.samples.keys) == Set(before.samples.keys))
    }

    @Test("After a start the ledger is as large as what is stored, and all else begins anew")
    func restart() async throws {
        var sizes: [String: Double] = [:]
        try await afterMeeting { _, after, server in
            for name in ["ecabinet_ledger_entries", "ecabinet_ledger_bytes"] {
                sizes[name] = after.value(name)
            }
            server.running.send(SIGTERM)
            try await server.running.end()
        }
        let server = try await Server(data: data, ["--metrics": "127.0.0.1:0"])
        let scrape = try await Scrape(port: try await server.metricsPort())
        for (name, value) in sizes { #expect(scrape.value(name) == value, "\(name)") }
        #expect(sizes["ecabinet_ledger_entries"] ?? 0 > 10)
        #expect(scrape.value(calls("VotingService.CastBallot")) == 0)
        #expect(scrape.value("ecabinet_commit_duration_seconds_count") == 0)
    }

    @Test("The end of a server can be watched, to its last connection")
    func drain() async throws {
        let server = try await Server(data: data, ["--metrics": "127.0.0.1:0", "--grace": "60"])
        let port = try await server.metricsPort()
        let client = try StubbornClient(port: server.port)
        let connections = Self.rpc + "connections"
        _ = try await scrape(port) { $0.value(connections) == 1 }
        server.running.send(SIGTERM)
        try await server.running.wait { $0.errors.contains("stopping") }
        let draining = try await Scrape(port: port)
        #expect(draining.value(connections) == 1)
        client.stop()
        try await server.running.end()
        #expect(server.running.status == 0)
        await #expect(throws: (any Error).self) { _ = try await Scrape(port: port) }
    }

    @Test("An address of the metrics that is in use is said to be so, and nothing is served")
    func inUse() async throws {
        let first = try await Server(data: data, ["--metrics": "127.0.0.1:0"])
        let port = try await first.metricsPort()
        let second = try await Server.run(
            data: folder.path("other"),
            ["--metrics": "127.0.0.1:\(port)"]
        )
        #expect(second.status == 69)
        #expect(second.errors.contains("cannot serve metrics on 127.0.0.1, port \(port)"))
        #expect(second.output.isEmpty)
    }

    @Test("Metrics that others may read are served where that is meant, and warned of")
    func exposed() async throws {
        let server = try await Server(
            data: data,
            ["--metrics": "0.0.0.0:0", "--metrics-exposed": "yes"]
        )
        _ = try await Scrape(port: try await server.metricsPort())
        #expect(server.running.errors.contains("metrics are served without TLS and password"))
    }

    @Test("IPv6's own address is one of this machine's")
    func loopbackOfIPv6() async throws {
        let running = try await Server.run(
            data: data,
            ["--metrics": "[::1]:9464"],
            checkConfig: true
        )
        #expect(running.status == 0, "\(running.errors)")
    }

    // MARK: - METRICS.md

    private struct Entry {
        let family: Scrape.Family
        let labels: Set<String>
    }

    /// What the tables of the document say, by the name of the family.
    private static func documented() throws -> [String: Entry] {
        let path = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources/ecabinetd/METRICS.md")
        var entries: [String: Entry] = [:]
        for line in try String(contentsOf: path, encoding: .utf8).split(separator: "\n") {
            let cells = line.split(separator: "|", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: .whitespaces) }
            guard line.hasPrefix("| `"), cells.count > 5 else { continue }
            func codes(_ cell: String) -> [String] {
                cell.split(separator: "`").enumerated().filter { $0.offset % 2 == 0 }
                    .map { String($0.element) }.filter { !$0.hasPrefix(",") }
            }
            let name = try #require(codes(cells[1]).first)
            #expect(entries[name] == nil, "\(name) is there twice")
            entries[name] = Entry(
                family: .init(name: name, help: cells[4], type: cells[2]),
                labels: Set(codes(cells[3]))
            )
        }
        return entries
    }

    private static func labels(_ series: String) -> Set<String> {
        guard let brace = series.firstIndex(of: "{") else { return [] }
        let names = series[brace...].split(separator: "\"").enumerated()
            .filter { $0.offset % 2 == 0 }
            .map { $0.element.filter { $0 == "_" || $0.isLetter } }
        return Set(names).subtracting(["", "le"])
    }
}
