import CabinetAPI
import CabinetCodec
import CabinetMapping
import CabinetModel
import CabinetRPC
import ModelTestSupport
import Testing

@Suite struct DirectoryResponseTests {
    private func reason(of error: RPCError?) -> String? { error?.details.first?.reason }

    @Test func theCallerLearnsWhoItIs() throws {
        let session = try DirectorySession.started()
        let response = try GetSelfResponse(
            of: session.state,
            authenticatedBy: .named("m1"),
            at: session.now
        )
        #expect(response.principal?.principalID == "m1")
        #expect(response.principal?.roles == [.member])
        #expect(response.transportKeyFingerprint == KeyFingerprint.named("m1").bytes)
        #expect(throws: DirectoryRejection.principalUnknown) {
            try GetSelfResponse(
                of: session.state,
                authenticatedBy: .named("m1 signs"),
                at: session.now
            )
        }
    }

    @Test func aPrincipalIsShownWithItsCertificates() throws {
        var session = try DirectorySession.started()
        try session.put("m1", [.chair, .member], name: "Đam", office: "Chính phủ")
        session.clock += 5
        try session.revoke("m1", of: "m1")
        let response = try GetPrincipalResponse(
            GetPrincipalRequest(principalID: "m1"),
            of: session.state
        )
        let principal = try #require(response.principal)
        #expect(principal.displayName == "Đam" && principal.office == "Chính phủ")
        #expect(principal.roles == [.member, .chair])
        #expect(principal.revision == 5 && !principal.suspended)
        #expect(
            principal.certificates == [
                CabinetAPI.Certificate(
                    fingerprint: KeyFingerprint.named("m1").bytes,
                    use: .transport,
                    deviceKind: .tablet,
                    notBeforeUnixMs: 1_546_300_800_000,
                    notAfterUnixMs: 1_609_459_199_000,
                    revokedUnixMs: session.clock,
                    der: Array("certificate of m1".utf8)
                ),
                CabinetAPI.Certificate(
                    fingerprint: KeyFingerprint.named("m1 signs").bytes,
                    use: .signing,
                    notBeforeUnixMs: 1_546_300_800_000,
                    notAfterUnixMs: 1_609_459_199_000,
                    der: Array("certificate of m1 signs".utf8)
                ),
            ]
        )
    }

    @Test func whoIsNotThereIsNotShown() throws {
        let state = try DirectorySession.started().state
        #expect(throws: DirectoryRejection.principalNotFound("m2")) {
            try GetPrincipalResponse(GetPrincipalRequest(principalID: "m2"), of: state)
        }
        do throws(DirectoryRejection) {
            _ = try GetPrincipalResponse(GetPrincipalRequest(principalID: "M2"), of: state)
            Issue.record("accepted")
        } catch {
            #expect(error.attributes["field"] == "principal_id")
        }
    }

    @Test func commandsAreAnsweredWithWhatTheyLedTo() throws {
        var session = try DirectorySession.started()
        let added = try #require(try session.add(.transport("phone", .phone), to: "m1"))
        #expect(PutPrincipalResponse(added).principal == CabinetAPI.Principal(added))
        let certificate = AddCertificateResponse(added).certificate
        #expect(certificate?.fingerprint == KeyFingerprint.named("phone").bytes)
        #expect(certificate?.deviceKind == .phone)
        #expect(certificate?.der == Array("certificate of phone".utf8))
        let revoked = try #require(try session.revoke("m1", of: "m1"))
        let response = RevokeCertificateResponse(.named("m1"), of: revoked)
        #expect(response.certificate?.revokedUnixMs == session.clock)
        #expect(response.certificate?.fingerprint == KeyFingerprint.named("m1").bytes)
    }

    // MARK: - Lists

    private func list(
        _ state: DirectoryState,
        _ first: ListPrincipalsRequest
    ) throws -> [CabinetAPI.Principal] {
        var request = first
        var found: [CabinetAPI.Principal] = []
        repeat {
            let page = try ListPrincipalsResponse(request, of: state)
            #expect(page.principals.count <= (request.pageSize == 0 ? 50 : Int(request.pageSize)))
            #expect(page.serialized().count <= 49_152)
            found += page.principals
            request.pageToken = page.nextPageToken
        } while !request.pageToken.isEmpty
        return found
    }

    @Test func principalsAreListedByNameThenByIdentifierWithoutTheirDER() throws {
        var session = try DirectorySession.started()
        let names = ["Đam", "An", "Ân", "an", "Áu", "Ăn", "An"]
        for (number, name) in names.enumerated() {
            try session.put(
                Identifier(stringLiteral: "p\(9 - number)"),
                [.guest],
                name: DisplayName(stringLiteral: name)
            )
        }
        try session.add(.signing("p9"), to: "p9")
        for size: UInt32 in [0, 1, 2, 100] {
            let found = try list(
                session.state,
                ListPrincipalsRequest(role: .guest, pageSize: size)
            )
            #expect(
                found.map(\.displayName) == ["an", "An", "An", "Áu", "Ăn", "Ân", "Đam"]
            )
            #expect(found.map(\.principalID) == ["p6", "p3", "p8", "p5", "p4", "p7", "p9"])
            let certificates = found.flatMap(\.certificates)
            #expect(certificates.map(\.fingerprint) == [KeyFingerprint.named("p9").bytes])
            #expect(certificates.allSatisfy { $0.der.isEmpty })
        }
    }

    @Test func principalsAreFoundByNameOrOfficeAndRole() throws {
        var session = try DirectorySession.started()
        try session.put("a", [.member], name: "Vũ Đức Đam", office: "Phó Thủ tướng")
        try session.put("b", [.member, .chair], name: "Nguyễn Xuân Phúc", office: "Thủ tướng")
        try session.put("c", [.guest], name: "Tuong Dam")
        func found(_ query: String, _ role: CabinetAPI.Role = .unspecified) throws -> [String] {
            try list(session.state, ListPrincipalsRequest(query: query, role: role))
                .map(\.principalID)
        }
        #expect(try found("đam") == ["c", "a"])
        #expect(try found("THU TUONG") == ["b", "a"])
        #expect(try found("tướng") == ["b", "c", "a"])
        #expect(try found("tuong", .member) == ["b", "a"])
        #expect(try found("tuong", .auditor) == [])
        #expect(try found("", .chair) == ["b"])
        #expect(try found("").count == 5)
        // A name and an office are two texts.
        #expect(try found("dam pho") == [])
        // A principal is found by what it is, not by what it was.
        try session.put("c", [.guest], name: "Khách")
        #expect(try found("dam") == ["a"])
        #expect(try found("khach") == ["c"])
    }

    @Test func aListRequestThatIsWrongIsRefused() throws {
        let state = try DirectorySession.started().state
        func refusal(_ request: ListPrincipalsRequest) -> RPCError? {
            do throws(RPCError) {
                _ = try ListPrincipalsResponse(request, of: state)
                return nil
            } catch {
                return error
            }
        }
        func field(_ request: ListPrincipalsRequest) -> String? {
            let detail = refusal(request)?.details.first
            #expect(detail?.reason == "FIELD_INVALID")
            return detail?.attributes.first { $0.name == "field" }?.value
        }
        #expect(field(ListPrincipalsRequest(query: text(129))) == "query")
        #expect(field(ListPrincipalsRequest(query: "a\u{301}")) == "query")
        #expect(field(ListPrincipalsRequest(query: "a\tb")) == "query")
        #expect(field(ListPrincipalsRequest(role: .unrecognized(8))) == "role")
        #expect(field(ListPrincipalsRequest(pageSize: 101)) == "page_size")
        #expect(field(ListPrincipalsRequest(pageToken: text(257))) == "page_token")
        let token = try ListPrincipalsResponse(
            ListPrincipalsRequest(pageSize: 1),
            of: state
        ).nextPageToken
        #expect(refusal(ListPrincipalsRequest(pageToken: token)) == nil)
        #expect(
            reason(of: refusal(ListPrincipalsRequest(query: "x", pageToken: token)))
                == "PAGE_TOKEN_INVALID"
        )
    }

    // MARK: - Failures

    @Test func aRejectionIsAStatusWithItsAttributes() {
        let error = RPCError(DirectoryRejection.principalChanged(revision: 7))
        #expect(error.code == .aborted)
        #expect(error.details.first?.reason == "PRINCIPAL_CHANGED")
        #expect(error.details.first?.domain == "cabinet.v1")
        #expect(
            error.details.first?.attributes == [StatusAttribute(name: "revision", value: "7")]
        )
    }

    @Test func everyReasonOfTheDirectoryIsOneOfTheSchemaWithTheSameCode() {
        for reason in DirectoryReason.allCases {
            let failure = FailureReason(reason)
            #expect(failure.name == reason.name)
            #expect(failure.code.rawValue == reason.code.rawValue)
        }
    }

    // MARK: - What meetings freeze

    @Test func aMeetingFreezesWhatTheDirectorySaysNow() throws {
        var session = try DirectorySession.started()
        try session.put("m1", [.member, .chair], name: "Đam", office: "Chính phủ")
        try session.add(.signing("lost"), to: "m1")
        try session.revoke("lost", of: "m1")
        let principal = try #require(session.state.principals["m1"])
        let facts = DirectoryFacts(principal, at: session.now)
        #expect(
            facts
                == DirectoryFacts(
                    displayName: "Đam",
                    office: "Chính phủ",
                    roles: [.member, .chair],
                    signingKeys: try SigningKeys([.named("m1 signs")])
                )
        )
        let later = DirectoryFacts(principal, at: .at(1_700_000_000_000))
        #expect(later.signingKeys == .empty)
    }
}
