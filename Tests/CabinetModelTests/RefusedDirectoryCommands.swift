import CabinetModel
import ModelTestSupport
import Testing

/// A command that a directory refuses, and why.
struct RefusedDirectoryCommand: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let command: DirectoryCommand
    let actor: Actor
    /// What happens before, in a directory with «root» and «m1».
    let before: @Sendable (inout DirectorySession) throws -> Void
    let expected: DirectoryRejection

    init(
        _ description: String,
        _ command: DirectoryCommand,
        by actor: Actor = DirectorySession.caller("root"),
        after before: @escaping @Sendable (inout DirectorySession) throws -> Void = { _ in },
        _ expected: DirectoryRejection
    ) {
        testDescription = description
        self.command = command
        self.actor = actor
        self.before = before
        self.expected = expected
    }
}

private let newcomer = DirectoryCommand.put("new", [.member])
private let administratorOnly = DirectoryRejection.roleRequired(roles: [.administrator])

let refusedCallers: [RefusedDirectoryCommand] = [
    RefusedDirectoryCommand(
        "a member puts",
        newcomer,
        by: DirectorySession.caller("m1"),
        administratorOnly
    ),
    RefusedDirectoryCommand(
        "a member adds a certificate to itself",
        .addCertificate("m1", .transport("new")),
        by: DirectorySession.caller("m1"),
        administratorOnly
    ),
    RefusedDirectoryCommand(
        "a member revokes its own certificate",
        .revokeCertificate("m1", .named("m1"), reason: "lost"),
        by: DirectorySession.caller("m1"),
        administratorOnly
    ),
    RefusedDirectoryCommand(
        "one who was an administrator when the command came",
        newcomer,
        by: DirectorySession.caller("m1", roles: [.administrator]),
        administratorOnly
    ),
    RefusedDirectoryCommand(
        "whoever has every role but that one",
        newcomer,
        by: DirectorySession.caller("m1"),
        after: { try $0.put("m1", [.member, .chair, .secretary, .display, .auditor]) },
        administratorOnly
    ),
    RefusedDirectoryCommand(
        "a key that nobody has",
        newcomer,
        by: DirectorySession.caller("root", key: "unknown"),
        .principalUnknown
    ),
    RefusedDirectoryCommand(
        "the key of somebody else",
        newcomer,
        by: DirectorySession.caller("m1", key: "root"),
        .principalUnknown
    ),
    RefusedDirectoryCommand(
        "an administrator who is suspended",
        newcomer,
        by: DirectorySession.caller("m1"),
        after: { try $0.put("m1", [.administrator], isSuspended: true) },
        .principalUnknown
    ),
    RefusedDirectoryCommand(
        "a connection whose certificate was revoked",
        newcomer,
        by: DirectorySession.caller("m1"),
        after: {
            try $0.put("m1", [.administrator])
            try $0.revoke("m1", of: "m1")
        },
        .principalUnknown
    ),
    RefusedDirectoryCommand(
        "a connection whose certificate has expired",
        newcomer,
        after: { $0.clock = 1_609_459_200_000 },
        .principalUnknown
    ),
    RefusedDirectoryCommand(
        "a signing key",
        newcomer,
        by: DirectorySession.caller("m1", key: "m1 signs"),
        after: { try $0.put("m1", [.administrator]) },
        .principalUnknown
    ),
]

let refusedDirectoryCommands: [RefusedDirectoryCommand] = [
    RefusedDirectoryCommand(
        "new, and there already",
        .put("m1", [.member]),
        .principalChanged(revision: 3)
    ),
    RefusedDirectoryCommand(
        "based on an older revision",
        .put("m1", [.member], revision: 2),
        .principalChanged(revision: 3)
    ),
    RefusedDirectoryCommand(
        "based on a revision that is to come",
        .put("m1", [.member], revision: 4),
        .principalChanged(revision: 3)
    ),
    RefusedDirectoryCommand(
        "a change of who is not there",
        .put("new", [.member], revision: 1),
        .principalChanged(revision: 0)
    ),
    RefusedDirectoryCommand(
        "a certificate for nobody",
        .addCertificate("new", .transport("new")),
        .principalNotFound("new")
    ),
    RefusedDirectoryCommand(
        "a certificate that has expired",
        .addCertificate("m1", .transport("new", .tablet, Validity(1_000, 1_561_341_599_999))),
        .certificateInvalid(rule: "the certificate is valid now")
    ),
    RefusedDirectoryCommand(
        "a certificate that is not valid yet",
        .addCertificate("m1", .signing("new", Validity(1_561_341_600_001, 1_600_000_000_000))),
        .certificateInvalid(rule: "the certificate is valid now")
    ),
    RefusedDirectoryCommand(
        "a key of the same principal",
        .addCertificate("m1", .transport("m1")),
        .certificateExists
    ),
    RefusedDirectoryCommand(
        "a key that is there for the other use",
        .addCertificate("m1", .signing("m1")),
        .certificateExists
    ),
    RefusedDirectoryCommand(
        "a key of somebody else",
        .addCertificate("root", .transport("m1 signs")),
        .certificateExists
    ),
    RefusedDirectoryCommand(
        "a key that somebody had",
        .addCertificate("root", .transport("m1")),
        after: { try $0.revoke("m1", of: "m1") },
        .certificateExists
    ),
    RefusedDirectoryCommand(
        "a fifth key to sign with",
        .addCertificate("m1", .signing("fifth")),
        after: { session in
            for number in 2...4 { try session.add(.signing("signs \(number)"), to: "m1") }
        },
        .limitReached(.signingCertificates, maximum: 4)
    ),
    RefusedDirectoryCommand(
        "a thirteenth certificate, revoked ones counted",
        .addCertificate("m1", .transport("thirteenth")),
        after: { session in
            for number in 3...12 {
                try session.add(.transport("device \(number)"), to: "m1")
                try session.revoke("device \(number)", of: "m1")
            }
        },
        .limitReached(.certificates, maximum: 12)
    ),
    RefusedDirectoryCommand(
        "revoking of nobody",
        .revokeCertificate("new", .named("m1"), reason: "lost"),
        .principalNotFound("new")
    ),
    RefusedDirectoryCommand(
        "revoking a key that nobody has",
        .revokeCertificate("m1", .named("unknown"), reason: "lost"),
        .certificateNotFound
    ),
    RefusedDirectoryCommand(
        "revoking a key of somebody else",
        .revokeCertificate("m1", .named("root"), reason: "lost"),
        .certificateNotFound
    ),
]

let refusalsOfTheLastAdministrator: [RefusedDirectoryCommand] = [
    RefusedDirectoryCommand(
        "taking the role away",
        .put("root", [.secretary], revision: 2),
        .administratorRequired
    ),
    RefusedDirectoryCommand(
        "suspending",
        .put("root", [.administrator], isSuspended: true, revision: 2),
        .administratorRequired
    ),
    RefusedDirectoryCommand(
        "revoking the only certificate",
        .revokeCertificate("root", .named("root"), reason: "lost"),
        .administratorRequired
    ),
    RefusedDirectoryCommand(
        "by the server",
        .revokeCertificate("root", .named("root"), reason: "lost"),
        by: .server,
        .administratorRequired
    ),
    RefusedDirectoryCommand(
        "while another one has no certificate",
        .revokeCertificate("root", .named("root"), reason: "lost"),
        after: { try $0.put("other", [.administrator]) },
        .administratorRequired
    ),
    RefusedDirectoryCommand(
        "while another one is suspended",
        .put("root", [.auditor], revision: 2),
        after: {
            try $0.put("other", [.administrator], isSuspended: true)
            try $0.add(.transport("other"), to: "other")
        },
        .administratorRequired
    ),
    RefusedDirectoryCommand(
        "while another one can only sign",
        .put("root", [.auditor], revision: 2),
        after: {
            try $0.put("other", [.administrator])
            try $0.add(.signing("other"), to: "other")
        },
        .administratorRequired
    ),
    RefusedDirectoryCommand(
        "while the certificate of another one has expired",
        .put("root", [.auditor], revision: 2),
        after: { session in
            try session.put("other", [.administrator])
            let end = session.clock + 1_000
            try session.add(.transport("other", .phone, Validity(1, end)), to: "other")
            session.clock += 2_000
        },
        .administratorRequired
    ),
    RefusedDirectoryCommand(
        "while its own other certificate has expired",
        .revokeCertificate("root", .named("root"), reason: "lost"),
        after: { session in
            let end = session.clock + 1_000
            try session.add(.transport("second", .phone, Validity(1, end)), to: "root")
            session.clock += 2_000
        },
        .administratorRequired
    ),
]
