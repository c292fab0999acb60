import CabinetDiagnostics
import CabinetRPC
import CabinetWire
import ConformanceAPI
import Logging
import NIOCore

/// The server that is examined: its methods, and its configuration as a case wants it.
enum ServerSubject {
    /// - Parameter isInline: Whether methods that can run on the event loop do so.
    static func router(
        _ clock: LoopClock,
        _ settings: [String: String],
        isInline: Bool
    ) -> MethodRouter {
        var router = MethodRouter()
        let diagnostics = DiagnosticsHandler(
            wallClock: { 0 },
            sleep: { try await clock.sleep($0) }
        )
        if isInline {
            diagnostics.register(inlineIn: &router)
        } else {
            router.register(diagnostics)
        }
        var limits = ChannelLimits()
        if let events = settings["history"].flatMap(Int.init) { limits.historyEvents = events }
        if let stall = settings["catch_up_ms"].flatMap(Int64.init) {
            limits.maxStall = .milliseconds(stall)
        }
        router.register(ConformanceHandler(clock, limits))
        return router
    }

    static func configuration(_ settings: [String: String]) throws -> RPCServerConfiguration {
        func stated(_ name: String) -> UInt32 { settings[name].flatMap(UInt32.init) ?? 0 }
        var configuration = RPCServerConfiguration()
        configuration.limits = try ConnectionLimits(
            statedCalls: stated("max_calls"),
            statedSubscriptions: stated("max_subscriptions"),
            statedFrameBytes: stated("max_frame_bytes"),
            statedMetadataBytes: stated("max_metadata_bytes"),
            statedCreditBytes: stated("initial_credit_bytes")
        )
        if settings["ping_ms"] != nil {
            configuration.liveness.ping = .milliseconds(stated("ping_ms"))
        }
        if settings["idle_ms"] != nil {
            configuration.liveness.idle = .milliseconds(stated("idle_ms"))
        }
        if settings["grace_ms"] != nil {
            configuration.drainGrace = .milliseconds(Int64(stated("grace_ms")))
        }
        return configuration
    }

    static let logger: Logger = {
        var logger = Logger(label: "conformance")
        logger.logLevel = .critical
        return logger
    }()
}
