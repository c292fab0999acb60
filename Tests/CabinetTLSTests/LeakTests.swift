import CabinetTLS
import NIOCore
import NIOEmbedded
import Testing

@Suite struct LeakTests {
    @Test func everySessionIsFreedHoweverItsConnectionEnds() throws {
        let server = try makeServer()
        let client = try makeClient()
        let stranger = try makeClient("stranger")
        var limits = TLSLimits()
        limits.maxHandshakesPerLoop = 1
        weak var handler: TLSHandler?
        for ending in 0..<7 {
            for _ in 0..<20 {
                let pair = try EmbeddedPair(
                    server,
                    ending == 0 ? stranger : client,
                    serverLimits: limits
                )
                handler = try pair.server.channel.pipeline.syncOperations.handler(
                    type: TLSHandler.self
                )
                if ending < 5 { try pair.pump() }
                #expect(server.sessionCount == (ending == 0 ? 0 : 1))
                switch ending {
                case 1: pair.client.channel.close(promise: nil)
                case 2: pair.server.breakOff()
                case 3: pair.server.channel.pipeline.fireErrorCaught(ChannelError.inputClosed)
                case 4: try pair.client.channel.writeInbound(ByteBuffer(string: "garbage"))
                case 5: try pair.server.channel.writeInbound(ByteBuffer(string: "garbage"))
                case 6: pair.loop.advanceTime(by: .seconds(5))
                default: break
                }
                if ending < 5 { try pair.pump() }
                pair.finish()
            }
        }
        #expect(server.sessionCount == 0)
        #expect(client.sessionCount == 0)
        #expect(stranger.sessionCount == 0)
        #expect(handler == nil)
    }
}
