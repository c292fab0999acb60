/// A list of the server, page by page to its end.
enum Paging {
    /// Of the largest pages: 100 000 of anything, which no installation has.
    static let mostPages = 1_000

    /// - Parameter page: Asks for the page that a token stands for, which is empty for the first. It returns
    ///   what is on it, and the token of the next; an empty one after the last.
    /// - Throws: ``PagingError`` where the list has no end; what `page` throws.
    static func all<Item>(
        _ page: (_ token: String) async throws -> (items: [Item], next: String)
    ) async throws -> [Item] {
        var items: [Item] = []
        var tokens: Set = [""]
        var token = ""
        repeat {
            let found = try await page(token)
            items += found.items
            token = found.next
            if token.isEmpty { return items }
            guard tokens.insert(token).inserted else { throw PagingError.repeatedToken }
        } while tokens.count <= mostPages
        throw PagingError.tooManyPages
    }
}

/// A list that a server does not bring to its end.
enum PagingError: Error, Hashable, Sendable {
    /// It leads back to a page that was read.
    case repeatedToken
    /// It has more than ``Paging/mostPages``.
    case tooManyPages
}

extension PagingError: FailureConvertible {
    var failure: Failure {
        switch self {
        case .repeatedToken:
            Failure(malformedAnswer: "a list leads back to a page that was read already")
        case .tooManyPages:
            Failure(
                .badData,
                "LIST_TOO_LONG",
                Phrase(
                    "the server's list has no end",
                    vi: "danh sách của máy chủ không có điểm kết thúc"
                ),
                because: Phrase(
                    "after \(Paging.mostPages) pages there were more",
                    vi: "sau \(Paging.mostPages) trang vẫn còn trang tiếp theo"
                ),
                advice: Phrase(
                    "tell whoever runs the server",
                    vi: "hãy báo cho người vận hành máy chủ"
                )
            )
        }
    }
}
