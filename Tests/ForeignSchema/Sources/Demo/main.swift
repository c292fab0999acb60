import CabinetCodec
import CabinetRPC
import DepotPublicBoth
import Orders

/// Keeps the items that the calls are about.
struct Depot: InventoryService.SimpleHandler {
    static let item = Item(
        sku: "A-1",
        title: "Äpfel",
        price: Money(currency: "EUR", minorUnits: -250),
        locations: [
            Item.Location(zone: .cold, shelf: 3, state: .full),
            Item.Location(zone: .unrecognized(9)),
        ],
        addedAt: Timestamp(seconds: 1_700_000_000, nanos: 5),
        reorderLevel: 0,
        supply: .supplier(Supplier(name: "Hof")),
        oldCode: "1",
        weights: [0.5, -0.0]
    )

    func getItem(_ request: GetItemRequest) async throws -> Item {
        guard request.sku == Self.item.sku else {
            throw RPCError(.notFound, "there is no item \(request.sku)")
        }
        return Self.item
    }

    func receiveItems(_ requests: MessageReader<Item>) async throws -> ReceiveSummary {
        var count: UInt32 = 0
        for try await _ in requests { count += 1 }
        return ReceiveSummary(count: count)
    }

    func listItems(
        _ request: ListItemsRequest,
        to responses: MessageWriter<Item>
    ) async throws {
        for zone in request.zones {
            try await responses.write(Item(locations: [Item.Location(zone: zone)]))
        }
    }

    func reconcile(
        _ requests: MessageReader<StockChange>,
        to responses: MessageWriter<StockChange>
    ) async throws {
        for try await request in requests {
            try await responses.write(StockChange(difference: -request.difference))
        }
    }

    func watchStock(
        _ request: ListItemsRequest
    ) async throws -> ChannelSubscription<StockChange> {
        ChannelSubscription(
            try BroadcastChannel(name: "stock", epoch: 1) {
                BroadcastChannel.Snapshot(sequence: 0, event: StockChange())
            }
        )
    }

    func getItemByCode(_ request: GetItemRequest) async throws -> Item {
        Self.item
    }
}

struct Failure: Error {
    var what: String
}

func check(_ condition: Bool, _ what: String) throws {
    guard condition else { throw Failure(what: what) }
}

func collected<S: AsyncSequence>(_ stream: S) async throws -> [S.Element] {
    var elements: [S.Element] = []
    for try await element in stream { elements.append(element) }
    return elements
}

// Messages.
let item = Depot.item
try check(try Item(serialized: item.serialized()) == item, "an item comes back as it was")
let words = Words(
    class: "a",
    linux: "b",
    await: "c",
    choice: .none_("d"),
    super: "e",
    switch: ["f"]
)
try check(try Words(serialized: words.serialized()) == words, "strange names come back")
let order = Order(items: [item], zone: .dry, total: item.price)
try check(try Order(serialized: order.serialized()) == order, "another module's messages do")

// Calls.
var loopback = Loopback(Depot())
let change = StockChange(item: item, difference: 4)
loopback.publish(change, on: "stock")
let client = InventoryService.Client(loopback)

try check(try await client.getItem(GetItemRequest(sku: "A-1")) == item, "unary")
do {
    _ = try await client.getItem(GetItemRequest(sku: "B"))
    throw Failure(what: "an error arrives")
} catch let error as RPCError {
    try check(error == RPCError(.notFound, "there is no item B"), "it is the handler's")
}
let summary = try await client.receiveItems { requests in
    for _ in 0..<3 { try await requests.write(Depot.item) }
}
try check(summary.count == 3, "client streaming")
let items = try await collected(client.listItems(ListItemsRequest(zones: [.cold, .dry])))
try check(items.map(\.locations.first?.zone) == [.cold, .dry], "server streaming")
let changes = try await collected(
    client.reconcile { requests in
        for number in 1...3 { try await requests.write(StockChange(difference: Int32(number))) }
    }
)
try check(changes.map(\.difference) == [-1, -2, -3], "bidirectional")
let events = try await collected(client.watchStock(ListItemsRequest()))
try check(events.map(\.event) == [change], "channel")

// Tables.
try check(InventoryService.Methods.all.map(\.number) == [1, 2, 3, 4, 5, 6], "methods")
try check(Schema.methods.count == 15, "methods of the schema")
try check(Schema.hash.count == 32, "hash")
try check(WordService.Methods.all.first?.name == "depot.v1.WordService.All", "a method All")
print("a stranger's schema works")
