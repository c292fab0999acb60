import Glibc
import NIOCore
import NIOEmbedded
import Testing

@testable import CabinetRPC

/// What a server does when it cannot take a connection.
@Suite struct AdmissionHandlerTests {
    @Test("Where connections cannot be taken, none is asked for until a moment later")
    func noDescriptors() throws {
        let log = LogRecorder()
        let core = ServerCore(MethodRouter(), RPCServerConfiguration(), log.logger)
        let handler = AdmissionHandler(
            AdmissionControl(AdmissionLimits()),
            core.environment,
            log.logger
        )
        let channel = EmbeddedChannel(handler: handler)
        var reads: Bool? { channel.options.compactMap { $0.1 as? Bool }.last }
        #expect(reads == nil)
        for _ in 0..<3 {
            // As often as it is asked.
            channel.pipeline.fireErrorCaught(IOError(errnoCode: EMFILE, reason: "accept"))
        }
        #expect(reads == false)
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(99))
        #expect(reads == false)
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
        #expect(reads == true)
        channel.pipeline.fireErrorCaught(IOError(errnoCode: EMFILE, reason: "accept"))
        #expect(reads == false)
        let lines = log.lines("a connection could not be taken")
        #expect(lines.first?.reason == "ACCEPT_FAILED")
        #expect(lines.first?.metadata["error"]?.contains("accept") == true)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        _ = try channel.finish()
    }
}
