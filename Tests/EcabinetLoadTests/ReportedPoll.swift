/// A poll as the report of a rehearsal has it in JSON.
struct ReportedPoll: Decodable {
    struct Choices: Decodable, Equatable {
        let yes: Int
        let no: Int
        let abstain: Int

        var total: Int { yes + no + abstain }
    }

    let counted: Choices
    let acknowledged: Choices
    let unsettled: Int
}
