import ArgumentParser
import CabinetLoad
import CommandSupport
import Foundation

/// Rehearses a meeting from a scenario file.
struct MeetingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "meeting",
        abstract: "Rehearses a meeting, and says whether the server is up to it.",
        discussion: """
            A scenario says who takes part, what happens when, and what is good enough; the folder \
            scenarios has some, and a description of the fields. Everything is sent when it is planned, \
            whatever the server does, and its time counts from then: a server that stalls for a \
            second has made everybody wait who wanted to vote in it.

            What is measured is the time from the planned vote to the receipt that this process has \
            verified; the ballots are signed beforehand, as each member's device does it for itself. A ballot \
            without an answer is sent again, with the same key, for a minute. What was sent more than 10 ms \
            late, because this machine had no processor for it, is counted, and too much of it is no \
            result.

            \(Failure.documentation)
            """
    )

    @Argument(help: ArgumentHelp("The scenario, in YAML.", valueName: "file"))
    var scenario: String

    @OptionGroup
    var options: RehearsalOptions

    func run() async throws {
        try await Failure.reporting {
            try await RehearsalRun(scenario: try read(), options: options).run()
        }
    }

    private func read() throws(Failure) -> Scenario {
        let text: String
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: scenario))
            let bytes = try file.read(upToCount: Scenario.maximumFileBytes + 1) ?? Data()
            guard let decoded = String(bytes: bytes, encoding: .utf8) else {
                throw Failure(.wrongFile, "\(scenario) is no text in UTF-8")
            }
            text = decoded
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.wrongFile, "\(scenario) cannot be read: \(error.localizedDescription)")
        }
        do throws(ScenarioError) {
            return try Scenario(yaml: text)
        } catch {
            throw Failure(.wrongFile, "\(scenario): \(error)")
        }
    }
}
