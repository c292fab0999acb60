internal import CabinetDocuments

extension ReportPage {
    /// Rows of a table that has no end otherwise; the JSON has all of them.
    private static let maximumRows = 200

    var checks: HTML {
        table(
            ["", "what", "#measured", "#allowed"],
            judgement.checks.map { check in
                [
                    "\(symbol(check.isMet)) <b>\(check.isMet ? "met" : "missed")</b>",
                    "\(check.what)", "\(written: check.measured)", "\(check.allowed)",
                ]
            },
            style: .checks
        )
    }

    var activityTable: HTML {
        let columns = [
            "", "#planned", "#succeeded", "#failed", "#sent again", "#per s", "#p50 ms", "#p90 ms",
            "#p99 ms", "#p99.9 ms", "#max ms",
        ]
        let rows = activities.map { activity -> [HTML] in
            let latencies = [50, 90, 99, 99.9, 100].map { percent -> HTML in
                activity.succeeded == 0
                    ? "–" : "\(milliseconds(activity.latencies.percentile(percent)))"
            }
            return [
                "<b>\(activity.name)</b>", "\(activity.planned.map(grouped) ?? "–")",
                "\(grouped(activity.succeeded))", "\(grouped(activity.failed))",
                "\(activity.resent.map(grouped) ?? "–")", "\(fixed(activity.perSecond, 1))",
            ] + latencies
        }
        let late = record.lateness
        let followers = record.followers
        let following: HTML =
            !record.hasFollowers
            ? .nothing
            : """
            <p>Who followed: \(grouped(followers.connections)) connections, of which \
            \(grouped(followers.resumedSessions)) resumed a session of TLS and \
            \(grouped(followers.losses)) were lost; \(grouped(followers.snapshots)) snapshots. \
            \(grouped(followers.madeUp)) events came after a return, and \(grouped(followers.passedOver)) \
            not at all, since a snapshot took their place.</p>
            <p>Read late by the machine of the harness: \(fixed(record.readLateness.share, 2)) % of the \
            looks at what had arrived, at most \(milliseconds(record.readLateness.greatest)) ms.</p>
            """
        return """
            \(table(columns, rows, style: .cards))
            \(following)
            <p>Sent late by the machine of the harness: \(grouped(late.late)) of \
            \(grouped(late.count)) (\(fixed(late.share, 2)) %), at most \(milliseconds(late.greatest)) ms.</p>
            """
    }

    /// What the marks in the curves mean.
    var happenings: HTML {
        guard !record.marks.isEmpty else { return .nothing }
        let items = record.marks.prefix(Self.maximumRows).map { mark in
            "<li><b>\(Axis.timeLabel(mark.at.inSeconds))</b> \(written: mark.text)</li>" as HTML
        }
        return """
            <p>Since the beginning, in minutes and seconds. The numbers are those in the curves.</p>
            <ol class="marks">\n\(HTML(lines: items))\n</ol>
            \(more(than: record.marks.count))
            """
    }

    var errors: HTML {
        let rows = activities.flatMap { activity in
            (activity.errors?.sorted ?? []).map { reason, count -> [HTML] in
                ["\(activity.name)", "\(written: reason)", "\(grouped(count))"]
            }
        }
        return rows.isEmpty ? "<p>None.</p>" : table(["what failed", "reason", "#how often"], rows)
    }

    var polls: HTML {
        guard !record.polls.isEmpty else { return .nothing }
        let wrong = record.polls.filter { !$0.agrees }
        let counted = record.polls.reduce(0) { $0 + $1.counted.total }
        let unsettled = record.polls.reduce(0) { $0 + $1.acknowledged.unsettled }
        let sentence: HTML =
            wrong.isEmpty && unsettled > 0
            ? "\(symbol(true)) In every one of them the server counted all the ballots whose receipts it had given, and otherwise at most those of \(grouped(unsettled)) who have had no answer."
            : wrong.isEmpty
                ? "\(symbol(true)) In every one of them the server counted exactly the ballots whose receipts it had given."
                : "\(symbol(false)) In \(wrong.count) of them the server counted other ballots than those whose receipts it had given."
        let rows = (wrong + record.polls.filter(\.agrees))
            .prefix(Self.maximumRows)
            .map { poll -> [HTML] in
                let known = poll.acknowledged
                return [
                    "\(written: poll.poll)", "\(poll.counted.text)", "\(known.choices.text)",
                    "\(grouped(known.unsettled))",
                ]
            }
        let list = table(["poll", "counted", "acknowledged", "#not known"], Array(rows))
        return """
            <p>\(record.polls.count) polls, \(grouped(counted)) ballots counted. \(sentence)</p>
            \(record.polls.count <= 10 ? list : "<details><summary>All polls</summary>\(list)</details>")
            \(more(than: record.polls.count))
            """
    }

    private func more(than count: Int) -> HTML {
        count > Self.maximumRows
            ? "<p>And \(count - Self.maximumRows) more, in the JSON.</p>" : .nothing
    }

    var scenario: HTML {
        let scenario = report.scenario
        let processes =
            report.processes == 1 ? "one process" : "\(report.processes) processes"
        let command: HTML =
            report.command.map { "<pre>\($0)</pre>" } ?? .nothing
        return """
            <p>\(grouped(scenario.present)) of \(grouped(scenario.members)) members took part, \
            \(grouped(scenario.remote)) of them from afar; \(grouped(scenario.followers)) tablets and boards \
            followed. The load came from \(processes). With this file and the seed <b>\(String(report.seed))</b>
            the same calls are planned at the same times.</p>
            \(command)
            <details open="open"><summary>The scenario file</summary>
            <pre>\(scenario.yaml)</pre>
            </details>
            """
    }

    var explanations: HTML {
        """
        <dl>
        <dt>Latency</dt>
        <dd>From the moment at which something <em>was to be sent</em>, by a plan that does not wait for the
        server, to its verified answer. A server that stalls therefore does not hide what it did to those who
        waited.</dd>
        <dt>p50, p99, p99.9</dt>
        <dd>Within this time were half, 99 of 100, 999 of 1,000. «max» is the slowest of all.</dd>
        <dt>Delivery</dt>
        <dd>From the first that the harness hears of a ballot, its answer or its event on any tablet or board,
        until the event is on each of them.</dd>
        <dt>Return</dt>
        <dd>From a loss of the connection, wanted or not, until the device follows the meeting
        again.</dd>
        <dt>Not known</dt>
        <dd>Members who have had no answer to a ballot. It may count all the same.</dd>
        <dt>Sent again</dt>
        <dd>The same ballot or call, because there was no answer. It counts once.</dd>
        </dl>
        """
    }
}
