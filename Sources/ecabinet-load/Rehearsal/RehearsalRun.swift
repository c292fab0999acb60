import CabinetAPI
import CabinetLoad
import CabinetRPC
import CommandSupport
import Foundation
import NIOCore
import NIOPosix

/// A rehearsal from the beginning to the end: the server, the people, the timeline, the report.
struct RehearsalRun {
    /// From the moment at which everybody is ready to the beginning of the timeline.
    private static let start = TimeAmount.milliseconds(500)

    let scenario: Scenario
    let options: RehearsalOptions

    /// - Throws: ``Failure``, also where the rehearsal took place and was not good enough.
    func run() async throws {
        try options.check(scenario)
        let processes = options.agents.addresses.count + 1
        let share = Share(0, of: processes) ?? .whole
        try checkFiles()
        try FileDescriptors.allow(
            connections: scenario.voters(of: share).count + scenario.followers(of: share).count
                + processes + 3
        )
        let seed = options.seed ?? .random(in: .min ... .max)
        Output.complain("seed \(seed)")
        let place = try await Place(options)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: options.threads)
        let outcome = await Result.of { try await play(place, group, seed) }
        await place.close()
        try await group.shutdownGracefully()
        let report: RunReport
        do {
            report = try outcome.get()
        } catch let failure as Failure {
            throw failure
        } catch let error as RPCError {
            throw Failure(.requestsFailed, "the server refuses: \(error)")
        } catch {
            throw Failure(.requestsFailed, "\(error)")
        }
        try publish(report)
    }

    private func play(
        _ place: Place,
        _ group: MultiThreadedEventLoopGroup,
        _ seed: UInt64
    ) async throws -> RunReport {
        let agents = try Agents(
            at: options.agents.addresses,
            place.pki,
            seed: seed,
            group: group
        )
        return try await agents.during {
            let recorder = RunRecorder(for: scenario.plannedDuration)
            let pace = place.isUnpaced ? nil : ConnectionPace()
            let scene = try await LiveScene(
                .rehearsed(
                    at: place.target,
                    called: options.serverName,
                    group: group,
                    recorder
                ),
                place.pki,
                // Names of its own, so that a server takes the same seed again.
                tag: "meeting-" + String(UInt64.random(in: .min ... .max), radix: 36),
                scenario,
                pace,
                with: agents
            )
            let outcome = await Result.of {
                try await play(scene, agents, place, pace, recorder, seed)
            }
            try await scene.close()
            return try outcome.get()
        }
    }

    private func play(
        _ scene: LiveScene,
        _ agents: Agents,
        _ place: Place,
        _ pace: ConnectionPace?,
        _ recorder: RunRecorder,
        _ seed: UInt64
    ) async throws -> RunReport {
        var generator = SeededGenerator(seed: seed)
        async let others: Void = agents.join(scene.assembly, scenario)
        try await scene.crowd.addFollowers(to: scene.assembly.meeting, generator: &generator)
        try await scene.crowd.follow(pace)
        try await others
        Output.complain(
            "\(scenario.present) members and \(scenario.followers) followers are connected to "
                + "\(place.target)"
        )
        await place.server.begin()
        try agents.begin(after: Self.start)
        let time = LoopTime(
            eventLoop: scene.crowd.server.group.next(),
            begin: .now() + Self.start
        )
        let startedUnixMs = WallClock.milliseconds() + Self.start.nanoseconds / 1_000_000
        let share = RehearsalShare(
            of: scene.crowd,
            in: scene.assembly.meeting,
            recorder: recorder,
            time: time,
            seed: seed
        )
        let rehearsal = Rehearsal(scene, share, with: agents, on: place.server)
        let watch = Task { await RunWatch(rehearsal).watch() }
        let outcome = await Result.of { try await rehearsal.play() }
        watch.cancel()
        await watch.value
        try outcome.get()
        var report = RunReport(
            scenario: scenario,
            record: recorder.record,
            server: await place.server.taken(),
            target: place.name,
            seed: seed,
            startedUnixMs: startedUnixMs,
            processes: agents.processes
        )
        report.command = Self.command(seed)
        return report
    }

    /// What repeats the run, as it is typed into a shell.
    private static func command(_ seed: UInt64) -> String {
        var arguments = CommandLine.arguments
        if !arguments.contains(where: { $0 == "--seed" || $0.hasPrefix("--seed=") }) {
            arguments += ["--seed", "\(seed)"]
        }
        let plain = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-_./:=,@+"))
        return arguments.map { argument in
            argument.unicodeScalars.allSatisfy(plain.contains) && !argument.isEmpty
                ? argument : "'" + argument.replacingOccurrences(of: "'", with: "'\\''") + "'"
        }.joined(separator: " ")
    }

    // MARK: - Results

    /// - Throws: ``Failure`` where it was not good enough.
    private func publish(_ report: RunReport) throws {
        Output.say(report.text)
        if let file = options.json { try Self.write(report.json, to: file) }
        if let file = options.report { try Self.write(report.html, to: file) }
        let judgement = report.judgement
        guard judgement.isMeasurementSound else {
            throw Failure(
                .tooSlow,
                "this machine could not keep to the plan, so that the figures say nothing of the server: "
                    + "run it with fewer members, on a faster machine, or with --agents on several"
            )
        }
        guard judgement.isGo else { throw Failure(.requestsFailed, "no go") }
    }

    /// Before anything is done: a rehearsal whose results cannot be kept is a wasted hour.
    private func checkFiles() throws(Failure) {
        let files = [options.json, options.report].compactMap(\.self)
            .map { URL(fileURLWithPath: $0).standardizedFileURL.path }
        guard Set(files).count == files.count else {
            throw Failure(.wrongFile, "--json and --report are the same file")
        }
        for file in files {
            let folder = URL(fileURLWithPath: file).deletingLastPathComponent().path
            var isFolder: ObjCBool = false
            guard FileManager.default.isWritableFile(atPath: folder) else {
                throw Failure(.wrongFile, "\(file) cannot be written: is there a folder \(folder)?")
            }
            if FileManager.default.fileExists(atPath: file, isDirectory: &isFolder),
                isFolder.boolValue
            {
                throw Failure(.wrongFile, "\(file) cannot be written: it is a folder")
            }
        }
    }

    private static func write(_ text: String, to file: String) throws(Failure) {
        do {
            try text.write(toFile: file, atomically: true, encoding: .utf8)
        } catch {
            throw Failure(.wrongFile, "\(file) cannot be written: \(error.localizedDescription)")
        }
    }
}

extension Server {
    /// One that is rehearsed with: what fails is tried again for a while, as members would.
    static func rehearsed(
        at address: HostAndPort,
        called certifiedName: String?,
        group: MultiThreadedEventLoopGroup,
        _ recorder: RunRecorder
    ) -> Server {
        Server(
            address: address,
            certifiedName: certifiedName,
            group: group,
            agent: "ecabinet-load meeting",
            reconnect: Backoff(most: .seconds(1)),
            interceptors: [PersistentCalls { recorder.repeated(.init($0)) }]
        )
    }
}

extension RunRecorder.Kind {
    /// What a method is for in a rehearsal.
    init(_ method: MethodDescription) {
        switch method.number {
        case VotingService.Methods.castBallot.description.number: self = .ballots
        case MeetingService.Methods.getMeeting.description.number: self = .reads
        default: self = .commands
        }
    }
}
