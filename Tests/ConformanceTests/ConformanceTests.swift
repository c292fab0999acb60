import Foundation
import Testing

/// The cases of proto/conformance, run against this implementation.
@Suite struct ConformanceTests {
    /// A case, and how it is run.
    struct Run: Sendable, CustomTestStringConvertible {
        let conformanceCase: ConformanceCase
        let transport: CaseTransport
        /// Whether the server's handlers run on the event loop where they can.
        let isInline: Bool

        var testDescription: String {
            let rules = conformanceCase.rules.joined(separator: " ")
            return "\(rules): \(conformanceCase.title) (\(transport.rawValue)"
                + "\(isInline ? ", inline" : ""))"
        }

        func link() throws -> any SubjectLink {
            switch transport {
            case _ where conformanceCase.subject == .client:
                try ClientLink(conformanceCase.settings)
            case .process: try InProcessLink(conformanceCase.settings, isInline: isInline)
            case .tls: try TLSLink(conformanceCase.settings)
            }
        }
    }

    static let clientRuns: [Run] = ((try? CaseSuite.shared.get().cases) ?? [])
        .filter { $0.subject == .client }
        .map { Run(conformanceCase: $0, transport: .process, isInline: false) }

    static let serverRuns: [Run] = ((try? CaseSuite.shared.get().cases) ?? [])
        .filter { $0.subject == .server }
        .flatMap { conformanceCase -> [Run] in
            conformanceCase.transports.sorted { $0.rawValue < $1.rawValue }.flatMap { transport in
                (transport == .process ? [false, true] : [true]).map { isInline in
                    Run(conformanceCase: conformanceCase, transport: transport, isInline: isInline)
                }
            }
        }

    @Test("Every case file can be read")
    func files() throws {
        #expect(try CaseSuite.shared.get().cases.count >= 150)
    }

    @Test("The client does what the case says", arguments: clientRuns)
    func client(_ run: Run) async throws {
        try await onOwnThread { try CaseRunner.run(run.conformanceCase, on: run.link()) }
    }

    @Test("The server does what the case says", arguments: serverRuns)
    func server(_ run: Run) async throws {
        try await onOwnThread { try CaseRunner.run(run.conformanceCase, on: run.link()) }
    }
}

/// Runs something that blocks, and that needs one thread from its beginning to its end, as an embedded
/// event loop does.
func onOwnThread(_ body: @escaping @Sendable () throws -> Void) async throws {
    await Turns.shared.take()
    let result = await withCheckedContinuation { continuation in
        Thread { continuation.resume(returning: Result { try body() }) }.start()
    }
    await Turns.shared.giveBack()
    try result.get()
}
