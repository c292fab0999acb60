internal import CabinetCodec
internal import CabinetCrypto
internal import CabinetRPC

/// The pages of a list (common.proto, «Pages»).
///
/// A token is the digest of the request's other fields and the position of the next item, so that it
/// belongs to its request and the server keeps nothing. Where a list changes between two pages an item
/// can come twice or not at all; who has to see every change follows the meeting.
struct Pages {
    /// Items that a page may have, and that it has where none are asked for.
    let maximumSize: UInt32
    let usualSize: UInt32

    /// Bytes of the longest response (common.proto).
    static let maximumResponseBytes = 49_152

    /// Bytes of the longest token (in the comments of the requests).
    static let maximumTokenBytes = 256

    /// What surrounds an item: tag and length.
    private static let bytesAroundItem = 6

    /// One page. It is looked for from the token's position on, and no further than it is filled.
    ///
    /// - Parameters:
    ///   - items: All that there are, in their order. Only those of the page are made into messages.
    ///   - request: The request with its size and its token taken out.
    ///   - message: `nil` for an item that the request does not want.
    /// - Complexity: O(*n*) in the items from the page's first to the one after its last.
    func page<Items: RandomAccessCollection, Item: Message>(
        of items: Items,
        size: UInt32,
        token: String,
        of request: some Message,
        _ message: (Items.Element) -> Item?
    ) throws(RPCError) -> (items: [Item], nextToken: String) where Items.Index == Int {
        guard size <= maximumSize else {
            throw RPCError(
                .fieldInvalid,
                attributes: ["field": "page_size", "rule": "it is at most \(maximumSize)"]
            )
        }
        let prefix = Self.prefix(of: request)
        let first = try Self.position(token, prefix)
        let limit = Int(size == 0 ? usualSize : size)
        var page: [Item] = []
        var byteCount = Self.maximumTokenBytes
        for position in min(first, items.count)..<items.count {
            guard let message = message(items[items.startIndex + position]) else { continue }
            byteCount += message.serialized().count + Self.bytesAroundItem
            if page.count == limit || byteCount > Self.maximumResponseBytes && !page.isEmpty {
                return (page, prefix + String(position))
            }
            page.append(message)
        }
        return (page, "")
    }

    private static func prefix(of request: some Message) -> String {
        let name = Array(type(of: request).fullName.utf8)
        return SHA256.digest(of: name, request.serialized()).description.prefix(32) + "-"
    }

    private static func position(_ token: String, _ prefix: String) throws(RPCError) -> Int {
        if token.isEmpty { return 0 }
        guard token.utf8.count <= maximumTokenBytes else {
            throw RPCError(
                .fieldInvalid,
                attributes: ["field": "page_token", "rule": "it has at most 256 bytes"]
            )
        }
        guard token.hasPrefix(prefix),
            let position = Int(token.dropFirst(prefix.count)), position > 0
        else { throw RPCError(.pageTokenInvalid) }
        return position
    }
}
