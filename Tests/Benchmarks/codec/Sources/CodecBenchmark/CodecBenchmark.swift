internal import CBareProtobufC
internal import Foundation
internal import SwiftProtobufMessages

@main
struct CodecBenchmark {
    var rounds = 61
    var roundSeconds = 0.02
    var jsonPath: String?
    var filter: String?

    static func main() {
        do {
            try CodecBenchmark(arguments: CommandLine.arguments.dropFirst()).run()
        } catch {
            FileHandle.standardError.write(Data("bench codec: \(error)\n".utf8))
            exit(1)
        }
    }

    init(arguments: some Sequence<String>) throws {
        var arguments = arguments.makeIterator()
        while let argument = arguments.next() {
            switch argument {
            case "--quick":
                rounds = 21
                roundSeconds = 0.005
            case "--json": jsonPath = arguments.next()
            case "--only": filter = arguments.next()
            default: throw BenchmarkError.unknownArgument(argument)
            }
        }
    }

    func run() throws {
        var subjects = try Subject.all(
            name: "ballot",
            message: Fixtures.castBallotRequest(),
            bareType: BARE_CAST_BALLOT_REQUEST,
            swiftProtobuf: Cabinet_V1_CastBallotRequest.self
        )
        subjects += try Subject.all(
            name: "snapshot",
            message: Fixtures.meetingSnapshot(),
            bareType: BARE_MEETING_SNAPSHOT,
            swiftProtobuf: Cabinet_V1_MeetingSnapshot.self
        )
        if let filter {
            subjects.removeAll {
                "\($0.operation)/\($0.implementation)" != filter && $0.operation != filter
            }
            guard !subjects.isEmpty else { throw BenchmarkError.noSuchSubject(filter) }
        }
        let measurements = measure(subjects, rounds: rounds, roundSeconds: roundSeconds)
        let report = Report(measurements, rounds: rounds)
        print(report.table())
        if let jsonPath {
            try report.json().write(to: URL(fileURLWithPath: jsonPath))
        }
    }
}
