import CabinetTLS
import FixtureAPI
import Logging
import NIOCore
import NIOEmbedded
import Testing

@testable import CabinetRPC
@testable import CabinetWire

/// Messages of streams that wait until they may be sent.
@Suite struct WaitingMessageTests {
    /// Writes a message of so many bytes for each request, each in a task of its own. A request for
    /// none cancels those that wait.
    private static func register(in router: inout MethodRouter) {
        router.register(EverythingService.Methods.bidirectional) { requests, responses, _ in
            await withTaskGroup(of: Void.self) { group in
                do {
                    for try await request in requests {
                        if request.aUint32 == 0 { group.cancelAll() }
                        let message = Scalars(
                            someBytes: Array(repeating: 1, count: Int(request.aUint32))
                        )
                        group.addTask { try? await responses.write(message) }
                    }
                } catch {}
            }
        }
    }

    @Test("A message whose writer was cancelled is not kept, whatever it waits for")
    func cancelled() throws {
        let eventLoop = EmbeddedEventLoop()
        var router = MethodRouter()
        Self.register(in: &router)
        let (client, server) = InProcessPipe.pair(on: eventLoop)
        let session = ServerSession(
            ServerEnvironment(
                router,
                configuration: RPCServerConfiguration(),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            ),
            peer: PeerIdentity(subject: "CN=peer", publicKeyFingerprint: .init(bytes: [])),
            transport: server,
            loop: LoopContext(eventLoop),
            remoteAddress: "in-process"
        )
        server.attach(session)
        session.open()
        let peer = HandPeer(client)
        peer.hello()
        func write(slot: UInt32, _ byteCounts: UInt32...) {
            for byteCount in byteCounts { peer.item(slot: slot, Scalars(aUint32: byteCount)) }
            eventLoop.run()
        }
        peer.call(EverythingService.Methods.bidirectional, slot: 1)
        write(slot: 1, 60_000, 60_000, 60_000, 60_000)
        let call = try #require(session.task(CallID(slot: 1, generation: 1)))
        #expect(call.waiting.count == 2)
        write(slot: 1, 0)
        #expect(call.waiting.isEmpty)

        peer.stall(true)
        peer.call(EverythingService.Methods.bidirectional, slot: 2)
        peer.call(EverythingService.Methods.bidirectional, slot: 3)
        write(slot: 2, 60_000, 60_000)
        write(slot: 3, 1, 2, 3)
        write(slot: 2, 4)
        #expect(session.waiting.count == 4)
        write(slot: 3, 0)
        #expect(session.waiting.count == 1)
        peer.stall(false)
        eventLoop.run()
        #expect(session.waiting.isEmpty)
        #expect(peer.take(.item).count(where: { $0.header.id == 3 }) == 0)
        peer.close()
        eventLoop.run()
        eventLoop.advanceTime(by: .hours(1))
    }

    @Test("Messages of a call keep their order where the first of them waits for credit")
    func order() throws {
        try AbusedServer.run(register: Self.register) { server in
            let peer = server.connect()
            func write(slot: UInt32, _ byteCounts: UInt32...) {
                for byteCount in byteCounts {
                    peer.item(slot: slot, Scalars(aUint32: byteCount))
                }
                server.run()
            }
            for slot: UInt32 in 1...2 {
                peer.call(EverythingService.Methods.bidirectional, slot: slot)
            }
            peer.credit(slot: 2, .max)
            // Of 131,072 bytes.
            write(slot: 1, 60_000, 60_000)
            peer.stall(true)
            write(slot: 2, 60_000, 60_000)
            write(slot: 1, 20_000)
            write(slot: 2, 60_000, 60_000)
            write(slot: 1, 10)
            // The long one finds out that there is no credit, and there is no room for the short one.
            peer.stall(false)
            peer.stall(true)
            server.advance(.milliseconds(1))
            _ = peer.take(.item)
            peer.credit(slot: 1, 1 << 20)
            server.advance(.milliseconds(1))
            peer.stall(false)
            server.advance(.milliseconds(1))
            let items = peer.take(.item).filter { $0.header.id == 1 }
            let counts = try items.map { try $0.message(Scalars.self).someBytes.count }
            #expect(counts == [20_000, 10])
            server.expectOpen(peer)
        }
    }
}
