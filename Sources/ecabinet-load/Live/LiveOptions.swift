import ArgumentParser
import CabinetLoad
import CabinetModel
import CabinetRPC
import CommandSupport
import Foundation
import NIOCore
import NIOPosix

/// What the commands about those who follow a meeting have in common.
struct LiveOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The server.", valueName: "host:port"))
    var target: HostAndPort

    @Option(help: ArgumentHelp("The throw-away authority of the trial.", valueName: "folder"))
    var pki: String

    @Option(
        help: ArgumentHelp(
            "The server's process on this machine, to look at its memory.",
            valueName: "number"
        )
    )
    var serverProcess: Int32

    @Option(help: ArgumentHelp("Members.", valueName: "number"))
    var members = 27

    @Option(
        help: ArgumentHelp("Where the choices come from; random if left out.", valueName: "number")
    )
    var seed: UInt64?

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard Assembly.members.contains(members) else {
            throw ValidationError("--members is a number from 1 to \(Assembly.members.upperBound).")
        }
    }

    var memory: ProcessMemory { ProcessMemory(of: serverProcess) }

    /// Puts up a meeting, does something in it, and ends all connections.
    ///
    /// - Parameter followerCount: How many may follow at once.
    /// - Throws: ``Failure``.
    func inScene<Value>(
        followerCount: Int,
        _ name: String,
        _ body: (LiveScene, SeededGenerator) async throws -> Value
    ) async throws -> Value {
        try FileDescriptors.allow(connections: followerCount + members + 3)
        let seed = seed ?? .random(in: .min ... .max)
        Output.complain("seed \(seed)")
        let server = Server(
            address: target,
            group: MultiThreadedEventLoopGroup(numberOfThreads: 1),
            agent: "ecabinet-load \(name)"
        )
        let outcome = await Result.of {
            var scenario = Scenario(name: name)
            scenario.members = members
            scenario.displays = followerCount
            let scene = try await LiveScene(
                server,
                ThrowawayPKI(folder: pki),
                tag: "live-" + String(seed, radix: 36),
                scenario
            )
            let outcome = await Result.of {
                try await body(scene, SeededGenerator(seed: seed))
            }
            try await scene.close()
            return try outcome.get()
        }
        try await server.group.shutdownGracefully()
        do {
            return try outcome.get()
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.requestsFailed, "\(error)")
        }
    }
}
