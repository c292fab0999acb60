import CabinetRPC
import FixtureAPI
import Testing

/// What a generated client throws where a call fails.
@Suite struct CallErrorTests {
    private let client = EverythingService.Client(Loopback(FailingHandler()))

    @Test("An error of the handler arrives with its code, message and details")
    func unary() async {
        await #expect(throws: FailingHandler.error) { try await client.unary(Scalars()) }
        await #expect(throws: FailingHandler.error) { try await client.clientStream { _ in } }
        await #expect(throws: FailingHandler.error) { try await client.follow(Empty()) }
    }

    @Test("The client's methods throw RPCError and nothing else")
    func typed() async {
        do throws(RPCError) {
            _ = try await client.unary(Scalars())
            Issue.record("the call did not fail")
        } catch {
            #expect(error.code == .failedPrecondition)
            #expect(error.details.first?.reason == "POLL_NOT_OPEN")
            #expect("\(error)" == "failedPrecondition (POLL_NOT_OPEN): the poll is not open")
        }
    }

    @Test("A stream that ends in error gives the messages before it, and then throws")
    func serverStream() async throws {
        var received: [Int32] = []
        let responses = try await client.serverStream(Repeated())
        await #expect(throws: FailingHandler.error) {
            for try await response in responses { received.append(response.anInt32) }
        }
        #expect(received == [1])
    }

    @Test("A bidirectional stream that ends in error does so, too")
    func bidirectional() async throws {
        var received: [Int32] = []
        let responses = try await client.bidirectional { requests in
            try await requests.write(Scalars(anInt32: 5))
        }
        await #expect(throws: FailingHandler.error) {
            for try await response in responses { received.append(response.anInt32) }
        }
        #expect(received == [5])
    }

    @Test("Requests that fail on the caller's side cancel the call")
    func requestsFail() async {
        struct Broken: Error {}
        let client = EverythingService.Client(Loopback(PlainHandler()))
        let error = await #expect(throws: RPCError.self) {
            try await client.clientStream { requests in
                try await requests.write(Scalars())
                throw Broken()
            }
        }
        #expect(error?.code == .cancelled)
    }

    @Test("A method that nobody serves is unimplemented")
    func unimplemented() async {
        let error = await #expect(throws: RPCError.self) {
            try await EverythingService.Client(Loopback()).unary(Scalars())
        }
        #expect(error?.code == .unimplemented)
        #expect(error?.isNotProcessed == true)
    }
}
