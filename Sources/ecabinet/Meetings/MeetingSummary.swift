import CabinetAPI
import CabinetMapping
import CabinetModel
import CabinetRPC

/// A meeting as the server answers for it.
struct MeetingSummary: Hashable, Sendable {
    let id: MeetingID
    let record: MeetingRecord
    /// The agenda item that is dealt with; `nil` where there is none.
    let currentItem: AgendaItemID?

    /// - Throws: `InvalidField`, `InvalidValue` or ``Failure`` where the server answers what no meeting is.
    init(_ message: CabinetAPI.Meeting?) throws {
        let message = try answered(message)
        id = try MeetingID(message.meetingID)
        record = try MeetingRecord(message)
        currentItem =
            message.currentAgendaItemID.isEmpty
            ? nil : try AgendaItemID(message.currentAgendaItemID)
    }
}

/// The meetings of a server, as far as the caller may see them.
struct MeetingList: Sendable {
    private static let pageSize: UInt32 = 100

    private let client: MeetingService.Client

    init(over caller: any RPCCaller) {
        client = MeetingService.Client(caller)
    }

    /// All in a state, the latest scheduled time first.
    func all(in state: CabinetAPI.MeetingState) async throws -> [MeetingSummary] {
        var request = ListMeetingsRequest(state: state, pageSize: Self.pageSize)
        return try await Paging.all { token in
            request.pageToken = token
            let page = try await client.listMeetings(request)
            return (try page.meetings.map { try MeetingSummary($0) }, page.nextPageToken)
        }
    }

    /// The first page of those in a state.
    func some(in state: CabinetAPI.MeetingState) async throws -> [MeetingSummary] {
        let request = ListMeetingsRequest(state: state, pageSize: Self.pageSize)
        return try await client.listMeetings(request).meetings.map { try MeetingSummary($0) }
    }
}

/// A part of an answer that has to be there.
func answered<Value>(_ value: Value?) throws(Failure) -> Value {
    if let value { return value }
    throw Failure(malformedAnswer: "a part of it is missing")
}

extension Failure {
    /// - Parameter rule: What the answer breaks, in English.
    init(malformedAnswer rule: String) {
        self.init(
            .badData,
            "RESPONSE_MALFORMED",
            Phrase(
                "the server's answer is not one that the schema allows",
                vi: "câu trả lời của máy chủ không đúng quy cách"
            ),
            because: Phrase(detail: rule, vi: "câu trả lời thiếu một phần, hoặc tự mâu thuẫn"),
            advice: Phrase(
                "use a program and a server of the same version, and report it",
                vi: "hãy dùng chương trình và máy chủ cùng phiên bản, và báo cho bộ phận kỹ thuật"
            )
        )
    }
}

extension InvalidField: FailureConvertible {
    var failure: Failure { Failure(malformedAnswer: "\(self)") }
}

extension InvalidValue: FailureConvertible {
    var failure: Failure { Failure(malformedAnswer: "\(self)") }
}
