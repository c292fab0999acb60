import BallotTestSupport
import CabinetAPI
import CabinetCrypto
import CabinetMapping
import CabinetModel
import ModelTestSupport
import Testing

private let validPut = PutPrincipalRequest(
    principalID: "m1",
    displayName: "Đặng Thị Ngọc Thịnh",
    office: "Văn phòng",
    roles: [.member, .chair],
    suspended: true,
    expectedRevision: 7
)

private let validRevocation = RevokeCertificateRequest(
    principalID: "m1",
    fingerprint: KeyFingerprint.named("m1").bytes,
    reason: "mất máy"
)

private func validAddition(_ key: PrivateKey = TestKeys.p256) throws -> AddCertificateRequest {
    AddCertificateRequest(
        principalID: "m1",
        use: .transport,
        deviceKind: .phone,
        der: try certificate(of: key)
    )
}

private func add(_ request: AddCertificateRequest) throws(DirectoryRejection) -> DirectoryCommand {
    try DirectoryCommand(request) { _, _ in true }
}

@Suite struct DirectoryRequestTests {
    @Test func aPrincipalIsPut() throws {
        let expected = try PutPrincipal(
            "m1",
            displayName: "Đặng Thị Ngọc Thịnh",
            office: "Văn phòng",
            roles: [.member, .chair],
            isSuspended: true,
            expectedRevision: 7
        )
        #expect(try DirectoryCommand(validPut) == .putPrincipal(expected))
        let new = PutPrincipalRequest(principalID: "a", displayName: "An", roles: [.display])
        #expect(
            try DirectoryCommand(new)
                == .putPrincipal(PutPrincipal("a", displayName: "An", roles: [.display]))
        )
    }

    @Test func anAuthoritysCertificateSignsNoBallots() throws {
        var request = try validAddition()
        request.der = try SignerCertificate(pem: TestAuthority().pem()).der
        _ = try add(request)
        request.use = .signing
        request.deviceKind = .unspecified
        #expect(
            throws: DirectoryRejection.certificateInvalid(
                rule: "it is no authority's, and its key usage is for signatures"
            )
        ) { try add(request) }
    }

    @Test func aCertificateIsRevoked() throws {
        #expect(
            try DirectoryCommand(validRevocation)
                == .revokeCertificate("m1", .named("m1"), reason: "mất máy")
        )
    }

    @Test(arguments: [TestKeys.p256, TestKeys.ed25519, TestKeys.rsa].indices)
    func aCertificateIsAddedAsItSaysItself(_ index: Int) throws {
        let key = [TestKeys.p256, TestKeys.ed25519, TestKeys.rsa][index]
        var request = try validAddition(key)
        var asked: [PrincipalCertificate.Use] = []
        let command = try DirectoryCommand(request) { certificate, use in
            #expect(certificate.der == request.der)
            asked.append(use)
            return true
        }
        // 2019-01-01 to the last second of 2049.
        let validity = Validity(1_546_300_800_000, 2_524_607_999_000)
        let fingerprint = try KeyFingerprint(key.publicKey.fingerprint.bytes)
        func expected(_ use: PrincipalCertificate.Use) throws -> DirectoryCommand {
            .addCertificate(
                "m1",
                try PrincipalCertificate(
                    fingerprint,
                    use: use,
                    validity: validity,
                    der: request.der
                )
            )
        }
        #expect(try command == expected(.transport(.phone)))
        request.use = .signing
        request.deviceKind = .unspecified
        #expect(try add(request) == expected(.signing))
        #expect(asked == [.transport(.phone)])
    }

    // MARK: - Refused

    private func field(_ make: () throws(DirectoryRejection) -> DirectoryCommand) -> String? {
        do throws(DirectoryRejection) {
            _ = try make()
            return nil
        } catch {
            if case .fieldInvalid(let field, _) = error { return field }
            return "\(error)"
        }
    }

    @Test func theFieldOfAPutThatIsWrongIsNamed() {
        let changes: [(field: String, change: (inout PutPrincipalRequest) -> Void)] = [
            ("principal_id", { $0.principalID = "" }),
            ("principal_id", { $0.principalID = "Upper" }),
            ("display_name", { $0.displayName = "" }),
            ("display_name", { $0.displayName = text(129) }),
            ("display_name", { $0.displayName = "line\nfeed" }),
            ("display_name", { $0.displayName = "ngh\u{65}\u{302}\u{301}" }),
            ("office", { $0.office = text(257) }),
            ("office", { $0.office = "ngh\u{65}\u{302}\u{301}" }),
            ("roles", { $0.roles = [] }),
            ("roles", { $0.roles = [.member, .member] }),
            ("roles[1]", { $0.roles = [.member, .unspecified] }),
            ("roles[0]", { $0.roles = [.unrecognized(8)] }),
        ]
        for (name, change) in changes {
            var request = validPut
            change(&request)
            let found = field { () throws(DirectoryRejection) in try DirectoryCommand(request) }
            #expect(found == name)
        }
    }

    @Test func theFieldOfAnAdditionThatIsWrongIsNamed() throws {
        let changes: [(field: String, change: (inout AddCertificateRequest) -> Void)] = [
            ("principal_id", { $0.principalID = "" }),
            ("use", { $0.use = .unspecified }),
            ("use", { $0.use = .unrecognized(3) }),
            ("device_kind", { $0.deviceKind = .unspecified }),
            ("device_kind", { $0.deviceKind = .unrecognized(6) }),
            ("device_kind", { $0.use = .signing }),
            ("der", { $0.der = [] }),
            ("der", { $0.der = Array(repeating: 0x30, count: 4_097) }),
        ]
        for (name, change) in changes {
            var request = try validAddition()
            change(&request)
            let found = field { () throws(DirectoryRejection) in try add(request) }
            #expect(found == name)
        }
    }

    @Test func theFieldOfARevocationThatIsWrongIsNamed() {
        let changes: [(field: String, change: (inout RevokeCertificateRequest) -> Void)] = [
            ("principal_id", { $0.principalID = "" }),
            ("fingerprint", { $0.fingerprint = [] }),
            ("fingerprint", { $0.fingerprint.append(0) }),
            ("reason", { $0.reason = "" }),
            ("reason", { $0.reason = text(257) }),
            ("reason", { $0.reason = "ngh\u{65}\u{302}\u{301}" }),
        ]
        for (name, change) in changes {
            var request = validRevocation
            change(&request)
            let found = field { () throws(DirectoryRejection) in try DirectoryCommand(request) }
            #expect(found == name)
        }
    }

    private func rule(_ make: () throws(DirectoryRejection) -> DirectoryCommand) -> String? {
        do throws(DirectoryRejection) {
            _ = try make()
            return nil
        } catch {
            if case .certificateInvalid(let rule) = error { return rule }
            return nil
        }
    }

    @Test func aCertificateThatIsNotAcceptedIsACertificateThatIsInvalid() throws {
        let request = try validAddition()
        var cut = request
        cut.der.removeLast()
        var longer = request
        longer.der.append(0)
        var noCertificate = request
        noCertificate.der = Array("no certificate".utf8)
        for wrong in [cut, longer, noCertificate] {
            let found = rule { () throws(DirectoryRejection) in try add(wrong) }
            #expect(found?.isEmpty == false)
        }
        let untrusted = rule { () throws(DirectoryRejection) in
            try DirectoryCommand(request) { _, _ in false }
        }
        #expect(untrusted == "the issuer is one that the server accepts")
    }

    @Test func aCertificateWithoutReadableTimesIsInvalid() throws {
        var request = try validAddition()
        // The year of the end becomes 1949 … by way of «50», which is 1950 (RFC 5280, 4.1.2.5.1).
        let end = Array("491231235959Z".utf8)
        let at = try #require(
            request.der.indices.first { request.der[$0...].starts(with: end) }
        )
        request.der[at] = UInt8(ascii: "5")
        request.der[at + 1] = UInt8(ascii: "0")
        let found = rule { () throws(DirectoryRejection) in try add(request) }
        #expect(found == "its times can be read, are in order, and end after 1970")
    }

    @Test func aCertificateFromBefore1970BeginsWithTheFirstMoment() throws {
        var request = try validAddition()
        let start = Array("190101000000Z".utf8)
        let at = try #require(
            request.der.indices.first { request.der[$0...].starts(with: start) }
        )
        request.der[at] = UInt8(ascii: "6")
        guard case .addCertificate(_, let certificate) = try add(request) else {
            Issue.record("another command")
            return
        }
        #expect(certificate.validity.notBefore == .at(1))
    }
}
