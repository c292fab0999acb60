import CabinetAPI

extension Commit {
    var json: JSONValue {
        .object([
            .init("first_index", .unsigned(firstIndex)),
            .init("entry_count", .integer(Int64(entryCount))),
            .init("time", Times.here.json(unixMilliseconds: timeUnixMs)),
        ])
    }
}

extension Done {
    /// That the server has entered something into a meeting's log.
    init(
        _ action: String,
        _ subject: String,
        in meeting: String,
        _ commit: Commit?,
        _ phrase: Phrase,
        facts: [JSONValue.Member] = []
    ) {
        self.init(
            action,
            subject,
            phrase,
            facts: [
                .init("meeting_id", .string(meeting)), .init("commit", commit?.json ?? .null),
            ] + facts
        )
    }
}
