import Foundation
import Testing

@testable import ecabinet

/// A server with a secretary, members and an auditor in its directory, each with a profile of their own.
final class Hall {
    static let meeting = "2019-06-24"

    let installation: Installation
    let members: [String]

    var folder: TestFolder { installation.folder }
    var logKey: String { folder.path("data/log-key.vkey") }

    /// - Parameter members: With a device and a signing key each; the first is the chair of the meetings.
    init(members: [String] = ["m1", "m2", "m3"]) async throws {
        self.members = members
        installation = try await Installation(
            devices: ["s", "auditor"] + members,
            members: members
        )
        try await enter("s", "Thư ký", ["secretary"])
        try await enter("auditor", "Kiểm soát viên", ["auditor"])
        for (number, member) in members.enumerated() {
            try await enter(
                member,
                "Thành viên \(number + 1)",
                number == 0 ? ["member", "chair"] : ["member"]
            )
            try await done([
                "directory", "certificate", "add", member,
                "\(installation.pki)/members/\(member).pem", "--use", "signing",
            ])
        }
    }

    private func enter(_ id: String, _ name: String, _ roles: [String]) async throws {
        try await done(
            ["directory", "put", id, "--name", name] + roles.flatMap { ["--role", $0] }
        )
        try await done([
            "directory", "certificate", "add", id, "\(installation.pki)/devices/\(id).pem",
            "--use", "transport", "--device", "computer",
        ])
        let signing =
            members.contains(id)
            ? [
                "--signing-key", "\(installation.pki)/members/\(id).key",
                "--signing-certificate", "\(installation.pki)/members/\(id).pem",
            ] : []
        try await done(
            ["profile", "set", id, "--log-key", logKey] + installation.credentials(id) + signing
        )
    }

    /// Runs a command with the administrator's profile, which has to succeed.
    private func done(_ arguments: [String]) async throws {
        let outcome = try await installation.run(arguments)
        try #require(outcome.status == 0, "\(arguments): \(outcome)")
    }

    // MARK: - Commands of participants

    /// Runs a command as somebody.
    func run(
        _ arguments: [String],
        as who: String = "s",
        environment: [String: String] = [:],
        input: String? = nil
    ) async throws -> Ecabinet.Outcome {
        try await Ecabinet.run(
            arguments,
            environment: self.environment(of: who).merging(environment) { $1 },
            input: input
        )
    }

    func environment(of who: String) -> [String: String] {
        installation.environment.merging(["ECABINET_PROFILE": who]) { $1 }
    }

    /// Runs a command as somebody, which has to succeed, and returns what it prints.
    @discardableResult
    func text(
        _ arguments: [String],
        as who: String = "s",
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> String {
        let outcome = try await run(arguments, as: who)
        try #require(outcome.status == 0, "\(arguments): \(outcome)", sourceLocation: location)
        return outcome.output
    }

    /// The same in JSON.
    @discardableResult
    func json(
        _ arguments: [String],
        as who: String = "s",
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> JSONValue {
        let outcome = try await run(arguments + ["--json"], as: who)
        try #require(outcome.status == 0, "\(arguments): \(outcome)", sourceLocation: location)
        return try outcome.json()
    }

    /// Runs a command as somebody, which has to fail.
    ///
    /// - Parameters:
    ///   - status: What it has to end with.
    ///   - reason: The reason in its JSON.
    /// - Returns: What a person is told, in English and in Vietnamese.
    @discardableResult
    func failure(
        _ arguments: [String],
        as who: String = "s",
        _ status: ecabinet.ExitStatus,
        _ reason: String,
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> (english: String, vietnamese: String) {
        let json = try await run(arguments + ["--json"], as: who)
        #expect(json.status == status.rawValue, "\(arguments): \(json)", sourceLocation: location)
        #expect(json.output.isEmpty, "\(arguments): \(json)", sourceLocation: location)
        let error = try json.errorJSON()
        #expect(
            error["reason"] == .string(reason),
            "\(arguments): \(json)",
            sourceLocation: location
        )
        let english = try await run(arguments, as: who)
        let vietnamese = try await run(arguments + ["--language", "vi"], as: who)
        #expect(english.status == status.rawValue, sourceLocation: location)
        #expect(vietnamese.errors.contains("lỗi: "), "\(vietnamese)", sourceLocation: location)
        return (english.errors, vietnamese.errors)
    }

    // MARK: - Meetings

    /// Schedules a meeting with everybody in it, and opens it.
    ///
    /// - Parameter rule: Options of its default rule.
    func open(_ meeting: String = Hall.meeting, rule: [String] = []) async throws {
        try await schedule(meeting, rule: rule)
        try await text(["attend", "check-in", "room"] + members + ["--meeting", meeting])
        try await text(["meeting", "open", meeting])
    }

    func schedule(_ meeting: String = Hall.meeting, rule: [String] = []) async throws {
        try await text(
            [
                "meeting", "schedule", meeting, "--title", "Phiên họp Chính phủ",
                "--at", "2019-06-24 08:30",
            ] + rule
        )
        try await text([
            "meeting", "admit", members[0], "--role", "member", "--role", "chair",
            "--meeting", meeting,
        ])
        if members.count > 1 {
            try await text(
                ["meeting", "admit"] + members.dropFirst()
                    + ["--role", "member", "--meeting", meeting]
            )
        }
        try await text([
            "agenda", "set", "a1", "--title", "Nghị định về định danh", "--meeting", meeting,
        ])
    }

    /// Drafts a poll, and opens it.
    ///
    /// - Parameter meeting: `nil` where there is one alone.
    func openPoll(
        _ poll: String,
        _ options: [String] = [],
        in meeting: String? = nil
    ) async throws {
        let there = meeting.map { ["--meeting", $0] } ?? []
        try await draft(poll, options + there)
        try await text(["poll", "open", poll] + there)
    }

    func draft(_ poll: String, _ options: [String] = []) async throws {
        try await text(
            ["poll", "create", poll, "--item", "a1", "--motion", "Thông qua dự thảo"] + options
        )
    }

    /// Casts a ballot.
    @discardableResult
    func vote(_ poll: String, _ choice: String, as member: String) async throws -> JSONValue {
        try await json(["vote", poll, choice, "--yes"], as: member)
    }
}
