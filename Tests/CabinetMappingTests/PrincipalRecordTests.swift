import CabinetAPI
import CabinetCodec
import CabinetMapping
import CabinetModel
import ModelTestSupport
import TestSupport
import Testing

@Suite struct PrincipalRecordTests {
    @Test(arguments: 0..<3)
    func aDirectoryIsTheSameFromItsRecords(_ run: UInt64) throws {
        var directory = RandomDirectory(random: Seed.generator(4_400 + run))
        // As a store keeps them: the last of each name.
        var records = directory.session.state.principals.values.reduce(into: [:]) {
            $0[$1.id.text] = PrincipalRecord.serialize($1)
        }
        for _ in 0..<1_000 {
            guard let principal = directory.step() else { continue }
            let bytes = PrincipalRecord.serialize(principal)
            #expect(try PrincipalRecord.parse(bytes, named: principal.id.text) == principal)
            records[principal.id.text] = bytes
        }
        var principals: [CabinetModel.Principal] = []
        for (name, bytes) in records {
            principals.append(try PrincipalRecord.parse(bytes, named: name))
        }
        #expect(try DirectoryState(restoring: principals) == directory.session.state)
        #expect(directory.acceptedCount > 100)
    }

    @Test func theLongestRecordIsReadAndFitsAMessage() throws {
        let certificates = try (1...12).map { number in
            try PrincipalCertificate(
                .named("\(number)"),
                use: number > 4 ? .transport(.wallBoard) : .signing,
                validity: Validity(.max - 1, .max),
                revoked: .at(.max),
                der: Array(repeating: 0xff, count: 4_096)
            )
        }
        let principal = try Principal(
            Identifier(stringLiteral: text(64)),
            displayName: DisplayName(text(128)),
            office: Office(text(256)),
            roles: RoleSet(CabinetModel.Role.allCases),
            certificates: certificates,
            isSuspended: true,
            revision: .max
        )
        let bytes = PrincipalRecord.serialize(principal)
        #expect(try PrincipalRecord.parse(bytes, named: text(64)) == principal)
        let response = GetPrincipalResponse(principal: CabinetAPI.Principal(principal))
        #expect(response.serialized().count < 51_000)
        #expect(PrincipalRecord.maximumBytes == 65_536)
    }

    // MARK: - Records that cannot be read

    private static let valid: CabinetAPI.Principal = {
        let state = try! DirectorySession.started().state
        return CabinetAPI.Principal(state.principals["m1"]!)
    }()

    private func problem(_ bytes: [UInt8], named name: String = "m1") -> PrincipalRecordError? {
        do throws(PrincipalRecordError) {
            _ = try PrincipalRecord.parse(bytes, named: name)
            return nil
        } catch {
            #expect(error.name == name)
            #expect("\(error)".hasPrefix("record of principal «\(name)»: "))
            return error
        }
    }

    private static let changes:
        [(field: String, change: @Sendable (inout CabinetAPI.Principal) -> Void)] = [
            ("display_name", { $0.displayName = "" }),
            ("display_name", { $0.displayName = text(129) }),
            ("office", { $0.office = text(257) }),
            ("roles", { $0.roles = [] }),
            ("roles", { $0.roles = [.member, .member] }),
            ("roles[0]", { $0.roles = [.unspecified] }),
            ("roles[0]", { $0.roles = [.unrecognized(99)] }),
            ("revision", { $0.revision = 0 }),
            ("certificates", { $0.certificates += [$0.certificates[0]] }),
            ("certificates[1].fingerprint", { $0.certificates[1].fingerprint = [] }),
            ("certificates[1].use", { $0.certificates[1].use = .unspecified }),
            ("certificates[1].device_kind", { $0.certificates[1].deviceKind = .phone }),
            ("certificates[0].device_kind", { $0.certificates[0].deviceKind = .unspecified }),
            ("certificates[0].not_before_unix_ms", { $0.certificates[0].notBeforeUnixMs = 0 }),
            ("certificates[0].not_after_unix_ms", { $0.certificates[0].notAfterUnixMs = 0 }),
            ("certificates[0].not_after_unix_ms", { $0.certificates[0].notAfterUnixMs = 1 }),
            ("certificates[0].revoked_unix_ms", { $0.certificates[0].revokedUnixMs = -1 }),
            ("certificates[0].der", { $0.certificates[0].der = [] }),
            (
                "certificates[0].der",
                { $0.certificates[0].der = Array(repeating: 1, count: 4_097) }
            ),
        ]

    @Test func theFieldThatIsWrongIsNamed() {
        #expect(problem(Self.valid.serialized()) == nil)
        for (name, change) in Self.changes {
            var message = Self.valid
            change(&message)
            guard case .field(let error) = problem(message.serialized())?.problem else {
                Issue.record("\(name): accepted, or for another reason")
                continue
            }
            #expect(error.path == name)
        }
    }

    @Test func aRecordUnderAnotherNameIsRefused() {
        #expect(problem(Self.valid.serialized(), named: "m2")?.problem == .otherName("m1"))
        #expect(problem([], named: "m1")?.problem == .otherName(""))
        guard case .field(let error) = problem([], named: "")?.problem else {
            Issue.record("an empty record is read")
            return
        }
        #expect(error.path == "principal_id")
    }

    @Test func bytesThatAreNoPrincipalAreRefused() {
        let bytes = Self.valid.serialized()
        guard case .undecodable = problem(Array(bytes.dropLast()))?.problem else {
            Issue.record("half a record is read")
            return
        }
        let long = bytes + Array(repeating: 0, count: 65_536)
        #expect(problem(long)?.problem == .tooLong(byteCount: long.count))
    }

    @Test func bytesAtRandomAreRefusedOrReadAndNeverStopTheServer() throws {
        var random = Seed.generator(4_500)
        let bytes = Self.valid.serialized()
        for _ in 0..<5_000 {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let index = Int.random(in: changed.indices, using: &random)
                changed[index] = UInt8.random(in: 0...255, using: &random)
            }
            guard let read = try? PrincipalRecord.parse(changed, named: "m1") else { continue }
            // What is read is a principal that is written and read again as it is.
            let again = PrincipalRecord.serialize(read)
            #expect(try PrincipalRecord.parse(again, named: "m1") == read)
        }
    }
}
