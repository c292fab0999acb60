extension Scenario {
    /// A scenario file that says the same, with every field written out.
    public var yaml: String {
        var lines = [
            "name: \(quoted(name))",
            "members: \(members)",
            "absent: \(absent)",
            "remote: \(remote)",
            "tablets: \(tablets)",
            "displays: \(displays)",
            "agenda:",
            "  items: \(agenda.items)",
            "  documents: \(agenda.documents)",
            "  document_bytes: \(agenda.documentBytes)",
            "timeline:",
        ]
        lines += timeline.flatMap { step in
            ["  - at: \(step.at.scenarioText)", "    \(step.action.name):"]
                + step.action.fields.map { "      \($0): \($1)" }
        }
        lines += ["ending: \(ending.scenarioText)", "thresholds:"]
        lines += thresholds.fields.map { "  \($0): \($1)" }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// In the double quotes of YAML, with nothing in it that a YAML file cannot have.
private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case "\u{feff}", "\u{fffe}", "\u{ffff}", "\u{2028}", "\u{2029}": result += escape(scalar)
        case _ where scalar.properties.generalCategory == .control: result += escape(scalar)
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}

private func escape(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
}

extension Scenario.Action {
    fileprivate var name: String {
        switch self {
        case .poll: "poll"
        case .reads: "reads"
        case .presence: "presence"
        case .drop: "drop"
        case .stall: "stall"
        case .restart: "restart"
        }
    }

    fileprivate var fields: [(String, String)] {
        switch self {
        case .poll(let poll):
            poll.arrival.fields + (poll.voters.map { [("voters", "\($0)")] } ?? [])
                + [("ballots", "\(poll.ballots)")]
        case .reads(let reads):
            [
                ("per_second", "\(reads.perSecond)"), ("for", reads.duration.scenarioText),
                ("arrival", reads.isPoisson ? "poisson" : "spread"),
            ]
        case .presence(let presence):
            [
                ("per_second", "\(presence.perSecond)"), ("for", presence.duration.scenarioText),
            ]
        case .drop(let drop):
            [
                ("who", drop.who.rawValue), ("share", "\(drop.share)"),
                ("away", drop.away.scenarioText), ("forget", "\(drop.forget)"),
            ]
        case .stall(let stall):
            [("displays", "\(stall.displays)"), ("for", stall.duration.scenarioText)]
        case .restart(let restart): [("way", restart.way.rawValue)]
        }
    }
}

extension Arrival {
    fileprivate var fields: [(String, String)] {
        switch self {
        case .allAtOnce: [("arrival", "all_at_once")]
        case .spread(let over): [("arrival", "spread"), ("over", over.scenarioText)]
        case .poisson(let over): [("arrival", "poisson"), ("over", over.scenarioText)]
        }
    }
}

extension Thresholds {
    fileprivate var fields: [(String, String)] {
        let limits = [
            ("vote_p50_ms", voteP50Ms), ("vote_p99_ms", voteP99Ms),
            ("delivery_p99_ms", deliveryP99Ms), ("read_p99_ms", readP99Ms),
            ("return_ms", returnMs),
        ]
        return limits.compactMap { name, limit in limit.map { (name, "\($0)") } }
            + [("errors", "\(errors)"), ("late_sends_percent", "\(lateSendsPercent)")]
    }
}
