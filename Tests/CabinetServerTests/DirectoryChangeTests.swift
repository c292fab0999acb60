import BallotTestSupport
import CabinetAPI
import CabinetCrypto
import CabinetModel
import CabinetRPC
import CabinetStore
import ModelTestSupport
import Testing

@testable import CabinetServer

/// What a change of the directory does to the meetings, and to what is on its way to them.
@Suite struct DirectoryChangeTests {
    private func revocation(of number: Int) throws -> DirectoryCommand {
        .revokeCertificate(
            Session.member(number),
            try Chamber.fingerprint(number),
            reason: "mất thẻ"
        )
    }

    private func keys(of id: PrincipalID, _ chamber: Chamber) throws -> SigningKeys? {
        try chamber.view.state.proceedings.attendees[id]?.participant.membership?.keys
    }

    @Test("A key that is revoked while an admission is on its way is not admitted")
    func revokedBeforeAdmission() throws {
        let chamber = try Chamber()
        try chamber.give(chamber.schedule())
        // The service made the command of the directory as it was.
        let (admit, admitReply) = chamber.order(
            try chamber.admission(),
            by: chamber.caller("secretary")
        )
        let (revoke, revokeReply) = chamber.order(
            try revocation(of: 2),
            by: chamber.caller("admin")
        )
        try chamber.process([revoke, admit])
        _ = try revokeReply.value
        _ = try admitReply.value
        #expect(try keys(of: "m2", chamber) == .empty)
        #expect(try keys(of: "m3", chamber)?.fingerprints.count == 1)
    }

    @Test("A log that was not served when a key was revoked knows of it before anything is decided")
    func revokedWhileNotServed() throws {
        let chamber = try Chamber()
        try chamber.openPoll()
        let ballot = try chamber.ballot(2, .vote(.yes, 1), id: 1)
        // The directory is that of a server which did not serve this log.
        let record = try #require(
            try chamber.store.records(.principal).first { $0.name == "m2" }
        )
        let other = try Chamber()
        try other.direct(revocation(of: 2))
        var batch = StoreBatch()
        batch.records = try other.store.records(.principal).filter { $0.name == "m2" }
        #expect(batch.records != [record])
        try chamber.store.commit(batch)
        try chamber.restart()
        let (order, reply) = chamber.order(ballot)
        try chamber.process([order])
        #expect(reply.reason == "SIGNING_KEY_REVOKED")
        #expect(try keys(of: "m2", chamber) == .empty)
        // Once, and for good.
        let count = try chamber.view.state.entryCount
        try chamber.restart()
        try chamber.process([])
        #expect(chamber.damage.isEmpty)
        #expect(try chamber.view.state.entryCount == count)
    }

    @Test("A certificate that is revoked once more is a success, and changes no meeting again")
    func revokedAgain() throws {
        let chamber = try Chamber()
        try chamber.openPoll()
        let count = try chamber.view.state.entryCount
        try chamber.direct(revocation(of: 2))
        try chamber.direct(revocation(of: 2))
        #expect(try chamber.view.state.entryCount == count + 1)
        #expect(try chamber.view.state.revokedKeys == [Chamber.fingerprint(2)])
    }

    @Test("Whoever was shut out while a call was on its way does nothing more")
    func shutOut() throws {
        let chamber = try Chamber()
        try chamber.openPoll()
        let ballot = try chamber.ballot(2, .vote(.yes, 1), id: 1)
        let carried = try chamber.ballot(3, .vote(.no, 1), id: 2)
        let caller = chamber.caller("m2")
        let checkOut = Command.checkOut(nil)
        let (early, earlyReply) = chamber.order(checkOut, by: caller)
        try chamber.process([early])
        let commit = try earlyReply.value
        try chamber.give(.checkIn(nil, from: .room), by: "m2")

        let (suspend, suspendReply) = chamber.order(
            .putPrincipal(
                try PutPrincipal(
                    "m2",
                    displayName: "Thành viên",
                    roles: [.member],
                    isSuspended: true,
                    expectedRevision: 1
                )
            ),
            by: chamber.caller("admin")
        )
        let (command, commandReply) = chamber.order(checkOut, by: chamber.caller("m2"))
        let (cast, castReply) = chamber.order(ballot)
        let (carry, carryReply) = chamber.order(carried, carriedBy: "m2")
        let (again, againReply) = chamber.order(checkOut, by: caller)
        try chamber.process([suspend, command, cast, carry, again])
        _ = try suspendReply.value
        #expect(commandReply.reason == "PRINCIPAL_UNKNOWN")
        #expect(castReply.reason == "PRINCIPAL_UNKNOWN")
        #expect(carryReply.reason == "PRINCIPAL_UNKNOWN")
        // What was done before is known, as it was.
        #expect(try againReply.value == commit)
        // A suspended member's ballot counts, if somebody else carries it.
        _ = try chamber.cast(ballot, carriedBy: "m3")
    }

    // MARK: - Recovery

    @Test("An operator gives an administrator a way in, whoever it was before")
    func recovery() throws {
        let key = try PrivateKey.generate(.ecdsaP256SHA256)
        let certificate = try SignerCertificate(der: TestAuthority().issue(key.publicKey))
        let fingerprint = try KeyFingerprint(key.publicKey.fingerprint.bytes)
        for id in ["admin", "m2", "rescue"] as [PrincipalID] {
            let chamber = try Chamber()
            let former = chamber.core.directory.principals[id]
            let administrator = FirstAdministrator(
                id: id,
                displayName: "Quản trị",
                certificate: certificate
            )
            // The device's certificate of the directory has expired by then.
            chamber.clock = 2_500_000_000_000
            try chamber.core.recover(administrator, at: .at(chamber.clock))
            try chamber.restart()
            let directory = chamber.core.directory
            let found = directory.principal(authenticatedBy: fingerprint, at: .at(chamber.clock))
            #expect(found?.id == id)
            #expect(found?.roles.contains(.administrator) == true)
            #expect(found?.roles.contains(.member) == (id == "m2"))
            #expect(found?.displayName == former?.displayName ?? "Quản trị")
            #expect(directory.principals.count == (id == "rescue" ? 7 : 6))
            // The key is somebody's now.
            #expect(throws: DirectoryRejection.certificateExists) {
                try chamber.core.recover(administrator, at: .at(chamber.clock))
            }
        }
    }

    @Test("A role in the directory that was taken away meanwhile permits nothing")
    func rolesOfNow() throws {
        let chamber = try Chamber()
        // The caller had the role when its call came.
        let (order, reply) = chamber.order(try chamber.schedule(), by: chamber.caller("m2"))
        try chamber.process([order])
        #expect(reply.reason == "ROLE_REQUIRED")
    }
}
