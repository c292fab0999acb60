import CabinetModel
import ModelTestSupport
import Testing

@Suite struct DirectoryTests {
    @Test(
        arguments: refusedCallers + refusedDirectoryCommands + refusalsOfTheLastAdministrator
    )
    func aCommandIsRefused(_ line: RefusedDirectoryCommand) throws {
        var session = try DirectorySession.started()
        try line.before(&session)
        #expect(session.rejection(of: line.command, by: line.actor) == line.expected)
    }

    @Test func everyReasonIsInATable() {
        let lines = refusedCallers + refusedDirectoryCommands + refusalsOfTheLastAdministrator
        // What is wrong with a request itself is found before a command is made of it.
        let here = Set(lines.map(\.expected.reason)).union([.fieldInvalid])
        #expect(here == Set(DirectoryReason.allCases))
    }

    @Test func aRejectionSaysWhatItsReaderNeeds() {
        let rejection = DirectoryRejection.principalChanged(revision: 7)
        #expect(rejection.description == "ABORTED / PRINCIPAL_CHANGED revision=7")
        #expect(
            DirectoryRejection.limitReached(.signingCertificates, maximum: 4).description
                == "RESOURCE_EXHAUSTED / LIMIT_REACHED limit=signing_certificates maximum=4"
        )
        #expect(
            DirectoryRejection.roleRequired(roles: [.administrator]).description
                == "PERMISSION_DENIED / ROLE_REQUIRED roles=ADMINISTRATOR"
        )
    }

    // MARK: - Commands

    @Test func theServerPutsTheFirstAdministrator() throws {
        var session = DirectorySession()
        #expect(
            session.rejection(
                of: .put("root", [.administrator]),
                by: DirectorySession.caller("root")
            ) == .principalUnknown
        )
        try session.put("root", [.administrator])
        try session.add(.transport("root"), to: "root")
        #expect(
            session.rejection(of: .put("m1", [.member]), by: DirectorySession.caller("root"))
                == nil
        )
    }

    @Test func puttingReplacesEverythingButTheCertificates() throws {
        var session = try DirectorySession.started()
        let before = try #require(session.state.principals["m1"])
        let after = try #require(
            try session.run(
                .put("m1", [.guest], name: "Ân", office: "Văn phòng", revision: 3),
                by: DirectorySession.caller("root")
            )
        )
        #expect(after.displayName == "Ân" && after.office == "Văn phòng")
        #expect(after.roles == [.guest] && !after.isSuspended)
        #expect(after.certificates == before.certificates && after.certificates.count == 2)
        #expect(after.revision == 4)
        #expect(session.state.principals["m1"] == after)
        // The same once more is one more change.
        try session.put("m1", [.guest], name: "Ân")
        #expect(session.state.principals["m1"]?.revision == 5)
        #expect(session.state.principals["m1"]?.office == nil)
    }

    @Test func revokingIsForGoodAndRevokingAgainChangesNothing() throws {
        var session = try DirectorySession.started()
        session.clock += 1_000
        let revoked = try #require(try session.revoke("m1", of: "m1"))
        #expect(revoked.certificates.map(\.revoked) == [session.now, nil])
        #expect(revoked.revision == 4)
        let state = session.state
        session.clock += 1_000
        #expect(try session.revoke("m1", of: "m1") == nil)
        #expect(session.state == state)
        // The clock is set back to before it.
        session.clock -= 10_000
        #expect(session.state.principal(authenticatedBy: .named("m1"), at: session.now) == nil)
    }

    @Test func aRevokedKeyToSignWithMakesRoomForAnother() throws {
        var session = try DirectorySession.started()
        for number in 2...4 { try session.add(.signing("signs \(number)"), to: "m1") }
        try session.revoke("signs 2", of: "m1")
        try session.add(.signing("signs 5"), to: "m1")
        #expect(session.state.principals["m1"]?.certificates.count == 6)
    }

    @Test func anAdministratorMayGoWhereAnotherOneStays() throws {
        var session = try DirectorySession.started()
        try session.put("other", [.administrator])
        try session.add(.transport("other"), to: "other")
        let root = DirectorySession.caller("root")
        for command: DirectoryCommand in [
            .put("root", [.auditor], revision: 2),
            .put("root", [.administrator], isSuspended: true, revision: 2),
            .revokeCertificate("root", .named("root"), reason: "lost"),
        ] {
            #expect(session.rejection(of: command, by: root) == nil)
        }
        try session.run(.put("root", [.auditor], revision: 2), by: root)
        #expect(
            session.rejection(of: .put("m2", [.member]), by: root)
                == .roleRequired(roles: [.administrator])
        )
        #expect(
            session.rejection(
                of: .put("other", [.auditor], revision: 2),
                by: DirectorySession.caller("other")
            ) == .administratorRequired
        )
    }

    @Test func aSecondDeviceOfTheLastAdministratorIsEnough() throws {
        var session = try DirectorySession.started()
        try session.add(.transport("second", .phone), to: "root")
        try session.revoke("root", of: "root")
        #expect(
            session.rejection(of: .revokeCertificate("root", .named("second"), reason: "lost"))
                == .administratorRequired
        )
    }

    @Test func whereNobodyCanAdministerAnyMoreTheServerMayDoEverything() throws {
        var session = try DirectorySession.started()
        session.clock = 1_700_000_000_000
        try session.put("root", [.auditor])
        try session.revoke("root", of: "root")
        try session.put("next", [.administrator])
    }

    @Test func aDirectoryHas10000PrincipalsAndNoMore() throws {
        var session = try DirectorySession.started()
        for number in 3...10_000 {
            try session.put(Identifier(stringLiteral: "p\(number)"), [.guest])
        }
        #expect(
            session.rejection(of: .put("one-more", [.guest]))
                == .limitReached(.principals, maximum: 10_000)
        )
        #expect(session.rejection(of: .put("p9", [.member], revision: 1)) == nil)
        let stored = Array(session.state.principals.values)
        #expect(try DirectoryState(restoring: stored) == session.state)
        #expect(throws: InvalidValue.self) {
            try DirectoryState(
                restoring: stored + [Principal("x", displayName: "X", roles: [.guest])]
            )
        }
    }

    // MARK: - Authentication

    @Test func aKeyAuthenticatesItsOwnerWhileItsCertificateIsValid() throws {
        var session = DirectorySession()
        try session.put("m1", [.member])
        let first: Int64 = 1_561_000_000_000
        let last: Int64 = 1_562_000_000_000
        try session.add(.transport("m1", .phone, Validity(first, last)), to: "m1")
        func owner(_ time: Int64) -> PrincipalID? {
            session.state.principal(authenticatedBy: .named("m1"), at: .at(time))?.id
        }
        #expect(owner(first - 1) == nil)
        #expect(owner(first) == "m1")
        #expect(owner(last) == "m1")
        // The last second belongs to it.
        #expect(owner(last + 999) == "m1")
        #expect(owner(last + 1_000) == nil)
    }

    @Test func nobodyIsAuthenticatedByWhatIsNotForIt() throws {
        var session = try DirectorySession.started()
        func owner(_ key: String) -> PrincipalID? {
            session.state.principal(authenticatedBy: .named(key), at: session.now)?.id
        }
        #expect(owner("m1") == "m1" && owner("root") == "root")
        #expect(owner("m1 signs") == nil)
        #expect(owner("unknown") == nil)
        try session.put("m1", [.member], isSuspended: true)
        #expect(owner("m1") == nil)
        try session.put("m1", [.member])
        #expect(owner("m1") == "m1")
        try session.revoke("m1", of: "m1")
        #expect(owner("m1") == nil)
    }

    @Test func theKeysToSignWithAreThoseThatAreValidAndNotRevoked() throws {
        var session = try DirectorySession.started()
        let end = session.clock + 60_000
        try session.add(.signing("short", Validity(1, end)), to: "m1")
        try session.add(.signing("lost"), to: "m1")
        try session.revoke("lost", of: "m1")
        let principal = try #require(session.state.principals["m1"])
        #expect(
            principal.signingKeys(at: session.now)
                == (try SigningKeys([.named("m1 signs"), .named("short")]))
        )
        #expect(
            principal.signingKeys(at: .at(end + 1_000)) == (try SigningKeys([.named("m1 signs")]))
        )
    }

    // MARK: - Values

    @Test func aPrincipalHoldsItsRules() {
        func principal(
            _ certificates: [PrincipalCertificate] = [],
            roles: RoleSet = [.member],
            revision: UInt64 = 1
        ) throws -> Principal {
            try Principal(
                "m1",
                displayName: "An",
                roles: roles,
                certificates: certificates,
                revision: revision
            )
        }
        #expect(throws: InvalidValue.self) { try principal(roles: []) }
        #expect(throws: InvalidValue.self) { try principal(revision: 0) }
        #expect(throws: InvalidValue.self) { try principal([.transport("a"), .signing("a")]) }
        #expect(throws: InvalidValue.self) {
            try principal((1...5).map { .signing("signs \($0)") })
        }
        #expect(throws: InvalidValue.self) {
            try principal((1...13).map { .transport("device \($0)") })
        }
        #expect(throws: Never.self) {
            try principal((1...8).map { .transport("\($0)") } + (9...12).map { .signing("\($0)") })
        }
        #expect(throws: InvalidValue.self) {
            try Validity(notBefore: .at(2), notAfter: .at(1))
        }
        for byteCount in [0, 4_097] {
            #expect(throws: InvalidValue.self) {
                try PrincipalCertificate(
                    .named("a"),
                    use: .signing,
                    validity: .wholeSession,
                    der: Array(repeating: 0, count: byteCount)
                )
            }
        }
        #expect(throws: InvalidValue.self) {
            try PutPrincipal("m1", displayName: "An", roles: [])
        }
    }

    @Test func aRevisionThatIsTheHighestStaysIt() throws {
        let state = try DirectoryState(
            restoring: [
                Principal("m1", displayName: "An", roles: [.member], revision: .max)
            ]
        )
        let changed = try state.decide(
            .put("m1", [.guest], revision: .max),
            by: .server,
            at: .at(1)
        )
        #expect(changed?.revision == .max)
    }

    @Test func aDirectoryIsNotRestoredWithOneKeyOfTwoPrincipals() throws {
        let first = try Principal(
            "a",
            displayName: "A",
            roles: [.member],
            certificates: [.transport("shared")]
        )
        let second = try Principal(
            "b",
            displayName: "B",
            roles: [.member],
            certificates: [.signing("shared")]
        )
        #expect(throws: InvalidValue.self) { try DirectoryState(restoring: [first, second]) }
        #expect(throws: InvalidValue.self) { try DirectoryState(restoring: [first, first]) }
        #expect(try DirectoryState(restoring: [first]).owners == [.named("shared"): "a"])
    }
}
