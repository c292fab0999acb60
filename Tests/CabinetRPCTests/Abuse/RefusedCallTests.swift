import CabinetAPI
import CabinetRPC
import CabinetWire
import NIOCore
import Testing

/// Tests of calls that do not get as far as a method: they are in the counts all the same.
@Suite struct RefusedCallTests {
    @Test func callsOfNoMethodAreCounted() throws {
        try AbusedServer.run { server in
            let peer = server.connect()
            for slot: UInt32 in 1...3 {
                // Method 59,999, without a timeout.
                peer.send(.call, .end, id: slot, [0xea, 0x5f, 0, 0, 0, 0])
            }
            server.run()
            let codes = try peer.take(.status).map { try $0.message(Status.self).code }
            #expect(codes == [.unimplemented, .unimplemented, .unimplemented])
            #expect(server.refusedCalls("METHOD_UNKNOWN") == 3)
            #expect(server.refusedCalls("DRAINING") == 0)
        }
    }

    @Test func callsWhileTheServerStopsAreCounted() throws {
        var configuration = RPCServerConfiguration()
        configuration.drainGrace = .seconds(3)
        try AbusedServer.run(configuration, isDrained: true) { server in
            let peer = server.connect()
            peer.call(DiagnosticsService.Methods.sleep, slot: 1, SleepRequest(sleepMs: 1_000))
            server.run()
            server.drain()
            peer.call(DiagnosticsService.Methods.echo, slot: 2, EchoRequest())
            server.run()
            let codes = try peer.take(.status).map { try $0.message(Status.self).code }
            #expect(codes == [.unavailable])
            #expect(server.refusedCalls("DRAINING") == 1)
            server.advance(.seconds(3))
        }
    }
}
