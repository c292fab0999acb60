import CabinetAPI
import CabinetModel
import CabinetRPC
import Testing

@testable import ecabinet

/// Lists that a server hands out page by page.
@Suite struct PagingTests {
    @Test("Pages are read until there is no next, each by the token of the one before")
    func pages() async throws {
        let pages = ["": ([1, 2], "b"), "b": ([], "c"), "c": ([3], "")]
        let items = try await Paging.all { token in
            let page = try #require(pages[token])
            return (items: page.0, next: page.1)
        }
        #expect(items == [1, 2, 3])
    }

    @Test("A token that comes again is an error, however far the page is back")
    func repeatedToken() async throws {
        let next = ["": "a", "a": "b", "b": "a"]
        await #expect(throws: PagingError.repeatedToken) {
            try await Paging.all { token in (items: [token], next: next[token] ?? "") }
        }
        await #expect(throws: PagingError.repeatedToken) {
            try await Paging.all { _ in (items: [0], next: "a") }
        }
        #expect(PagingError.repeatedToken.failure.reason == "RESPONSE_MALFORMED")
    }

    @Test("A list of as many pages as there may be is read, and one that goes on is an error")
    func limit() async throws {
        let whole = try await Paging.all { token in
            let number = (Int(token) ?? 0) + 1
            return (items: [number], next: number < Paging.mostPages ? "\(number)" : "")
        }
        #expect(whole.count == Paging.mostPages)
        var asked = 0
        await #expect(throws: PagingError.tooManyPages) {
            try await Paging.all { _ in
                asked += 1
                return (items: [asked], next: "\(asked)")
            }
        }
        #expect(asked == Paging.mostPages)
        #expect(PagingError.tooManyPages.failure.reason == "LIST_TOO_LONG")
        #expect(PagingError.tooManyPages.failure.status == .badData)
    }

    @Test("No list of the client goes on for ever")
    func everyList() async throws {
        let server = EndlessServer()
        let desk = MeetingDesk(of: try MeetingID("x"), over: server)
        await #expect(throws: PagingError.repeatedToken) { try await desk.attendees() }
        await #expect(throws: PagingError.repeatedToken) { try await desk.agenda() }
        await #expect(throws: PagingError.repeatedToken) { try await desk.polls() }
        await #expect(throws: PagingError.repeatedToken) {
            try await MeetingList(over: server).all(in: .open)
        }
        await #expect(throws: PagingError.repeatedToken) {
            try await Directory(over: server).principals(matching: nil, role: .unspecified)
        }
    }
}

/// A server every list of which has the same next page.
private struct EndlessServer: RPCCaller {
    func call<Request, Response>(
        _ method: UnaryMethod<Request, Response>,
        _ request: Request,
        options: CallOptions
    ) async throws(RPCError) -> Response {
        let pages: [any Sendable] = [
            ListParticipantsResponse(nextPageToken: "x"),
            ListAgendaItemsResponse(nextPageToken: "x"), ListPollsResponse(nextPageToken: "x"),
            ListMeetingsResponse(nextPageToken: "x"), ListPrincipalsResponse(nextPageToken: "x"),
        ]
        guard let page = pages.compactMap({ $0 as? Response }).first else { throw Self.unknown }
        return page
    }

    func call<Request, Response>(
        _ method: ClientStreamingMethod<Request, Response>,
        options: CallOptions,
        requests: @Sendable @escaping (MessageWriter<Request>) async throws -> Void
    ) async throws(RPCError) -> Response {
        throw Self.unknown
    }

    func call<Request, Response>(
        _ method: ServerStreamingMethod<Request, Response>,
        _ request: Request,
        options: CallOptions
    ) async throws(RPCError) -> MessageReader<Response> {
        throw Self.unknown
    }

    func call<Request, Response>(
        _ method: BidirectionalMethod<Request, Response>,
        options: CallOptions,
        requests: @Sendable @escaping (MessageWriter<Request>) async throws -> Void
    ) async throws(RPCError) -> MessageReader<Response> {
        throw Self.unknown
    }

    func call<Request, Response>(
        _ method: ChannelMethod<Request, Response>,
        _ request: Request,
        resumingAfter token: ResumeToken?,
        options: CallOptions
    ) async throws(RPCError) -> Subscription<Response> {
        throw Self.unknown
    }

    private static let unknown = RPCError(.unimplemented, "it has lists alone")
}
