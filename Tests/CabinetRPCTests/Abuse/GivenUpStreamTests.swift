import CabinetLocks
import CabinetRPC
import CabinetWire
import FixtureAPI
import NIOCore
import Testing

/// Calls with streams of responses that have had an effect, and for which nobody waits any more.
@Suite struct GivenUpStreamTests {
    @Test("A handler does not wait for credit that nobody gives any more, and learns why")
    func noCredit() throws {
        let outcomes = Guarded<[Code]>([])
        func register(in router: inout MethodRouter) {
            router.register(EverythingService.Methods.bidirectional) { _, responses, context in
                try context.beginEffect()
                for _ in 0..<2 {
                    do throws(RPCError) {
                        while true { try await responses.write(Scalars(aBool: true)) }
                    } catch {
                        outcomes.withLock { $0.append(error.code) }
                    }
                }
            }
        }
        try AbusedServer.run(register: register) { server in
            let cancelling = server.connect()
            let leaving = server.connect()
            let late = server.connect()
            for peer in [cancelling, leaving] {
                peer.call(EverythingService.Methods.bidirectional, slot: 1)
            }
            late.call(
                EverythingService.Methods.bidirectional,
                slot: 1,
                timeoutMicroseconds: 3_500_000
            )
            server.advance(.seconds(1))
            #expect(outcomes.withLock { $0 } == [])
            cancelling.send(.cancel, id: 1)
            server.advance(.seconds(1))
            #expect(outcomes.withLock { $0 } == [.cancelled, .cancelled])
            leaving.close()
            server.advance(.seconds(1))
            #expect(outcomes.withLock { $0.count } == 4)
            outcomes.withLock { $0 = [] }
            server.advance(.seconds(1))
            #expect(outcomes.withLock { $0 } == [.deadlineExceeded, .deadlineExceeded])
            for peer in [cancelling, late] {
                server.expectOpen(peer)
                // The handler went on to its end.
                let codes = try peer.take(.status).map { try $0.message(Status.self).code }
                #expect(codes == [.ok])
            }
        }
    }

    @Test("A handler that ends with what ended its writing ends with why the call was given up")
    func outcome() throws {
        func register(in router: inout MethodRouter) {
            router.register(EverythingService.Methods.bidirectional) { _, responses, context in
                try context.beginEffect()
                while true { try await responses.write(Scalars(aBool: true)) }
            }
        }
        try AbusedServer.run(register: register) { server in
            let peer = server.connect()
            for (slot, timeout) in [(1, 1_000_000), (2, 0)] as [(UInt32, UInt32)] {
                peer.call(
                    EverythingService.Methods.bidirectional,
                    slot: slot,
                    timeoutMicroseconds: timeout
                )
            }
            server.advance(.seconds(2))
            peer.send(.cancel, id: 2)
            server.advance(.seconds(1))
            let statuses = peer.take(.status)
            let codes = try statuses.map { try $0.message(Status.self).code }
            #expect(codes == [.deadlineExceeded, .cancelled])
            // It has had an effect.
            #expect(statuses.allSatisfy { !$0.header.flags.contains(.notProcessed) })
            server.expectOpen(peer)
        }
    }

    @Test("A handler that needs no more credit than there is goes on to its real outcome")
    func success() throws {
        func register(in router: inout MethodRouter) {
            router.register(EverythingService.Methods.bidirectional) {
                requests,
                responses,
                context in
                try context.beginEffect()
                // Until nobody waits any more.
                do { for try await _ in requests {} } catch {}
                for _ in 0..<3 { try await responses.write(Scalars(aBool: true)) }
            }
        }
        try AbusedServer.run(register: register) { server in
            let peer = server.connect()
            for (slot, timeout) in [(1, 1_000_000), (2, 0)] as [(UInt32, UInt32)] {
                peer.call(
                    EverythingService.Methods.bidirectional,
                    slot: slot,
                    timeoutMicroseconds: timeout
                )
            }
            server.advance(.seconds(2))
            peer.send(.cancel, id: 2)
            server.advance(.seconds(1))
            #expect(peer.take(.item).count == 6)
            let codes = try peer.take(.status).map { try $0.message(Status.self).code }
            #expect(codes == [.ok, .ok])
            server.expectOpen(peer)
        }
    }
}
