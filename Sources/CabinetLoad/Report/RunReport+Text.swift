extension RunReport {
    /// The report for a terminal: lines, of which the last is «GO» or «NO GO» with the reasons.
    public var text: String {
        let parts = [
            heading, table, errorLines, circumstances, pollLines, serverLines, checkLines,
            [verdict],
        ]
        return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") + "\n" }
            .joined(separator: "\n")
    }

    /// «GO», or «NO GO» with what was not good enough.
    public var verdict: String {
        let judgement = judgement
        guard !judgement.isGo else { return "GO" }
        let reasons = judgement.checks.filter { !$0.isMet }.map {
            "\($0.what): \(printable($0.measured)), allowed \($0.allowed)"
        }
        return "NO GO: " + reasons.joined(separator: "; ")
    }

    private var heading: [String] {
        [
            printable(scenario.name),
            "\(utc(unixMs: startedUnixMs)), for \(fixed(record.duration.inSeconds, 1)) s, against "
                + printable(target),
            "\(scenario.present) of \(scenario.members) members, \(scenario.followers) who follow; "
                + "seed \(seed), \(processes) \(processes == 1 ? "process" : "processes")",
        ]
    }

    private var table: [String] {
        let head = [
            "in ms", "planned", "succeeded", "failed", "resent", "per s", "p50", "p90", "p99",
            "p99.9", "max",
        ]
        let rows = activities.filter(\.hasHappened).map { activity in
            [
                activity.name, activity.planned.map(grouped) ?? "–", grouped(activity.succeeded),
                grouped(activity.failed), activity.resent.map(grouped) ?? "–",
                fixed(activity.perSecond, 1),
            ]
                + [50, 90, 99, 99.9, 100].map { percent in
                    activity.succeeded == 0
                        ? "–" : milliseconds(activity.latencies.percentile(percent))
                }
        }
        return aligned([head] + rows)
    }

    private var errorLines: [String] {
        activities.flatMap { activity in
            (activity.errors?.sorted ?? []).map {
                "failed: \(activity.name), \(printable($0.reason)): \(grouped($0.count))"
            }
        }
    }

    private var circumstances: [String] {
        let late = record.lateness
        let followers = record.followers
        var lines = [
            "sent late by this machine: \(grouped(late.late)) of \(grouped(late.count)) "
                + "(\(fixed(late.share, 2)) %), at most \(milliseconds(late.greatest)) ms"
        ]
        if record.hasFollowers {
            lines.append(
                "who follows: \(grouped(followers.connections)) connections, "
                    + "\(grouped(followers.losses)) lost, \(grouped(followers.resumedSessions)) TLS "
                    + "sessions resumed, \(grouped(followers.snapshots)) snapshots"
            )
            lines.append(
                "events that came after a return: \(grouped(followers.madeUp)), in a snapshot: "
                    + grouped(followers.passedOver)
            )
            let late = record.readLateness
            lines.append(
                "read late by this machine: \(fixed(late.share, 2)) % of looks, at most "
                    + "\(milliseconds(late.greatest)) ms"
            )
        }
        for mark in record.marks.prefix(Self.marksOfText) {
            lines.append("at \(fixed(mark.at.inSeconds, 1)) s: \(printable(mark.text))")
        }
        if record.marks.count > Self.marksOfText {
            lines.append("and \(record.marks.count - Self.marksOfText) more of these")
        }
        return lines
    }

    /// What happened that a terminal is told of.
    private static let marksOfText = 40

    /// All polls on one line, and those that do not agree on one of their own.
    private var pollLines: [String] {
        guard !record.polls.isEmpty else { return [] }
        let counted = record.polls.reduce(0) { $0 + $1.counted.total }
        let wrong = record.polls.filter { !$0.agrees }
        let first = "polls: \(record.polls.count), with \(grouped(counted)) ballots counted"
        return [first]
            + wrong.map { "poll \(printable($0.poll)): \($0.text)" }
    }

    private var serverLines: [String] {
        let rows = ServerComparison(server, duration: record.duration).rows
        return rows.map { "server, \(printable($0.what)): \($0.value)" }
    }

    private var checkLines: [String] {
        let rows = judgement.checks.map { check in
            [
                check.isMet ? "met" : "MISSED", check.what, printable(check.measured),
                "allowed: \(check.allowed)",
            ]
        }
        return aligned(rows, textColumns: 4)
    }

    /// Columns of which the first are texts, and the others numbers.
    private func aligned(_ rows: [[String]], textColumns: Int = 1) -> [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return column < textColumns ? cell + space : space + cell
            }
            var line = cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
