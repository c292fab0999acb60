import BallotTestSupport
import CabinetAPI
import CabinetCodec
import CabinetCrypto
import CabinetLedger
import CabinetMapping
import CabinetModel
import CabinetRPC
import CabinetStore
import Foundation
import ModelTestSupport
import Testing

@testable import CabinetServer

/// The services as clients see them.
@Suite struct ServicesTests {
    // MARK: - A session

    @Test(
        "A session: ballots with receipts, a verdict that explains itself, and an export that verifies"
    )
    func session() async throws {
        try await ServedNode.run { node in
            try await node.openPoll()
            var receipts: [CabinetAPI.Receipt] = []
            for (number, name) in ["m1", "m2", "m3"].enumerated() {
                let (ballot, options) = try await node.ballot(
                    name,
                    .vote(name == "m2" ? .no : .yes, .first),
                    id: number
                )
                let response = try await node.voting(name)
                    .castBallot(CastBallotRequest(ballot: ballot), options: options)
                receipts.append(try #require(response.receipt))
            }
            let closed = try await node.voting("m1").closePoll(
                ClosePollRequest(meetingID: "meeting", pollID: "poll")
            )
            #expect(closed.verdict?.outcome == .carried)
            #expect(closed.verdict?.ground == .thresholdReached)
            #expect(closed.verdict?.tally?.yes?.roomMembers == 1)
            #expect(closed.verdict?.tally?.yes?.remoteMembers == 1)
            #expect(closed.verdict?.threshold?.neededWeight == 2)

            let call = try await node.voting("wall").getRollCall(
                GetRollCallRequest(meetingID: "meeting", pollID: "poll")
            )
            #expect(call.rollCall?.marks == [.yes, .no, .yes])
            try await verify(receipts, node)
            try await auditAlone(node)
        }
    }

    /// As a client does, who knows the log key from the opening of the log.
    private func verify(_ messages: [CabinetAPI.Receipt], _ node: ServedNode) async throws {
        let (name, key) = try await logKey(node)
        let newest = try #require(
            try await node.ledger("guest")
                .getCheckpoint(GetCheckpointRequest(meetingID: "meeting")).checkpoint
        )
        let later = try SignedCheckpoint(parsing: newest.note)
            .verified(origin: name.line, logKey: key)
        for message in messages {
            let receipt = try CabinetLedger.Receipt(message)
            let verified = try receipt.verified(origin: name.line, logKey: key)
            // And the log still has what it had then.
            let proof = try await node.ledger("m2").getConsistencyProof(
                GetConsistencyProofRequest(
                    meetingID: "meeting",
                    fromTreeSize: verified.checkpoint.checkpoint.treeSize
                )
            )
            try later.verifyExtension(
                of: verified.checkpoint,
                proof: proof.hashes.map { try #require(MerkleHash($0)) }
            )
        }
    }

    private func logKey(_ node: ServedNode) async throws -> (NoteKeyName, NoteVerifierKey) {
        let first = try await node.ledger("auditor").getReceipt(
            GetReceiptRequest(meetingID: "meeting", entry: .index(0))
        )
        let entry = try LedgerEntry(serialized: try #require(first.receipt).entry)
        guard case .logOpened(let opened)? = entry.body else {
            throw RPCError(.dataLoss, "the log does not begin with its opening")
        }
        let name = try #require(NoteKeyName(opened.origin))
        return (
            name,
            NoteVerifierKey(name: name, publicKey: try Ed25519PublicKey(opened.logPublicKey))
        )
    }

    /// An auditor replays the export and trusts nobody.
    private func auditAlone(_ node: ServedNode) async throws {
        var reader = LogReader(verifiesSignatures: true)
        var state = CabinetModel.MeetingState()
        var tree = MerkleTree()
        var checkpoint: SignedCheckpoint?
        let export = try await node.ledger("auditor").exportLog(
            ExportLogRequest(meetingID: "meeting")
        )
        for try await part in export {
            #expect(part.firstIndex == tree.size)
            if let note = part.checkpoint?.note {
                #expect(checkpoint == nil)
                checkpoint = try SignedCheckpoint(parsing: note)
            }
            for bytes in part.entries {
                tree.append(LeafHash(entry: bytes))
                state.evolve(try reader.next(bytes))
            }
        }
        let (name, key) = try await logKey(node)
        let verified = try #require(checkpoint).verified(origin: name.line, logKey: key)
        #expect(verified.checkpoint.treeSize == tree.size)
        #expect(verified.checkpoint.rootHash == tree.root)
        #expect(state.proceedings.poll("poll")?.verdict?.outcome == .carried)
        // A recount of the ballots in the log.
        let tally = try #require(state.ballotBoxes["poll"]).tally
        #expect(tally.yes.total.members == 2 && tally.no.total.members == 1)
    }

    @Test("A server that ends leaves a database that needs no write-ahead log")
    func cleanEnd() async throws {
        let folder = NSTemporaryDirectory() + "cabinet-server-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await ServedNode.run(SQLiteEventStore(folder: folder)) { node in
            try await node.openPoll()
            // The reader has read.
            for try await _ in try await node.ledger("auditor").exportLog(
                ExportLogRequest(meetingID: "meeting")
            ) {}
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
                == ["cabinet.sqlite", "lock"]
        )
    }

    // MARK: - Ballots

    @Test("A ballot that is sent again gets the same receipt, by whomever it is carried")
    func resentBallots() async throws {
        try await ServedNode.run { node in
            try await node.openPoll()
            let (ballot, options) = try await node.ballot("m2", .vote(.yes, .first), id: 1)
            let request = CastBallotRequest(ballot: ballot)
            let first = try await node.voting("m2").castBallot(request, options: options)
            let again = try await node.voting("m2").castBallot(request, options: options)
            let carried = try await node.voting("guest").castBallot(request, options: options)
            #expect(first == again && first == carried)
            _ = try await node.voting("m1").closePoll(
                ClosePollRequest(meetingID: "meeting", pollID: "poll")
            )
            let late = try await node.voting("m2").castBallot(request, options: options)
            #expect(late.receipt?.index == first.receipt?.index)
            #expect(late.receipt?.entry == first.receipt?.entry)
            // A member finds it again on another device, and others do not.
            for entry in [
                GetReceiptRequest.Entry.ballotID(options.idempotencyKey?.bytes ?? []),
                .pollID("poll"),
                .index(try #require(first.receipt).index),
            ] {
                let request = GetReceiptRequest(meetingID: "meeting", entry: entry)
                #expect(try await node.ledger("m2").getReceipt(request).receipt == late.receipt)
                let other = await reason { _ = try await node.ledger("m3").getReceipt(request) }
                #expect(other == "ENTRY_NOT_FOUND")
            }
        }
    }

    @Test("A ballot that counts gets its receipt also when its certificate has expired")
    func expiredCertificate() async throws {
        try await ServedNode.run { node in
            try await node.openPoll()
            let (ballot, options) = try await node.ballot("m2", .vote(.yes, .first), id: 1)
            let request = CastBallotRequest(ballot: ballot)
            let first = try await node.voting("m2").castBallot(request, options: options)
            node.outliveCertificate()
            for carrier in ["m2", "guest"] {
                let again = try await node.voting(carrier).castBallot(request, options: options)
                #expect(again == first)
            }
            let (new, newOptions) = try await node.ballot("m2", .vote(.no, .first), id: 2)
            let found = await reason {
                _ = try await node.voting("m2")
                    .castBallot(CastBallotRequest(ballot: new), options: newOptions)
            }
            #expect(found == "BALLOT_NOT_REVOCABLE")
        }
    }

    @Test("What is wrong with a ballot is named, and nothing is counted")
    func refusedBallots() async throws {
        try await ServedNode.run { node in
            try await node.openPoll()
            func refusal(
                by carrier: String = "m2",
                key: IdempotencyKey? = nil,
                _ change: (inout SignedBallot) -> Void = { _ in }
            ) async throws -> String? {
                var (ballot, options) = try await node.ballot("m2", .vote(.yes, .first), id: 1)
                change(&ballot)
                if let key { options.idempotencyKey = key }
                let request = CastBallotRequest(ballot: ballot)
                return await reason {
                    _ = try await node.voting(carrier).castBallot(request, options: options)
                }
            }
            #expect(try await refusal { $0.signature[10] ^= 1 } == "SIGNATURE_INVALID")
            #expect(try await refusal { $0.statement[0] ^= 1 } == "STATEMENT_INVALID")
            #expect(try await refusal { $0.certificate = [1, 2, 3] } == "CERTIFICATE_INVALID")
            #expect(try await refusal { $0.keyFingerprint[0] ^= 1 } == "FIELD_INVALID")
            #expect(
                try await refusal { $0.statement += [0x98, 0x06, 0x01] } == "STATEMENT_INVALID"
            )
            #expect(
                try await refusal(key: IdempotencyKey(Array(repeating: 7, count: 16)))
                    == "BALLOT_ID_MISMATCH"
            )
            #expect(try await refusal(by: "outsider") == "MEETING_NOT_FOUND")
            let (forged, options) = try await node.ballot(
                "m2",
                .vote(.yes, .first),
                id: 2,
                signedBy: "m3"
            )
            let found = await reason {
                _ = try await node.voting("m2")
                    .castBallot(CastBallotRequest(ballot: forged), options: options)
            }
            #expect(found == "SIGNING_KEY_NOT_ON_ROLL")
            let poll = try await node.voting("secretary")
                .getPoll(GetPollRequest(meetingID: "meeting", pollID: "poll")).poll
            #expect(poll?.verdict?.tally?.notVotedMembers == 3)
        }
    }

    @Test("A closed poll's refusal carries the poll with its verdict")
    func closedPoll() async throws {
        try await ServedNode.run { node in
            try await node.openPoll()
            let (ballot, options) = try await node.ballot("m2", .vote(.yes, .first), id: 1)
            _ = try await node.voting("m1").closePoll(
                ClosePollRequest(meetingID: "meeting", pollID: "poll")
            )
            do {
                _ = try await node.voting("m2")
                    .castBallot(CastBallotRequest(ballot: ballot), options: options)
                Issue.record("accepted")
            } catch let error as RPCError {
                let detail = try #require(error.details.first)
                #expect(detail.reason == "POLL_NOT_OPEN")
                #expect(detail.attributes.map(\.name) == ["state"])
                #expect(detail.payloadType == "cabinet.v1.Poll")
                let poll = try CabinetAPI.Poll(serialized: detail.payload)
                #expect(poll.verdict?.outcome == .notCarried)
                #expect(poll.closedUnixMs > 0)
            }
        }
    }

    @Test("A key that is revoked while a poll is open signs no more ballots")
    func revokedKey() async throws {
        try await ServedNode.run { node in
            try await node.openPoll()
            let key = try #require(ServedNode.signingKeys["m2"])
            _ = try await node.directory("admin").revokeCertificate(
                RevokeCertificateRequest(
                    principalID: "m2",
                    fingerprint: key.publicKey.fingerprint.bytes,
                    reason: "mất thẻ"
                )
            )
            let (ballot, options) = try await node.ballot("m2", .vote(.yes, .first), id: 1)
            let found = await reason {
                _ = try await node.voting("m2")
                    .castBallot(CastBallotRequest(ballot: ballot), options: options)
            }
            #expect(found == "SIGNING_KEY_REVOKED")
        }
    }

    // MARK: - The directory

    @Test("Who is suspended, or whose device's certificate is revoked, is nobody from then on")
    func suspension() async throws {
        try await ServedNode.run { node in
            let admin = node.directory("admin")
            let known = try #require(
                try await admin.getPrincipal(GetPrincipalRequest(principalID: "m2")).principal
            )
            for name in ["m2", "m3"] {
                _ = try await node.directory(name).getSelf(GetSelfRequest())
            }
            _ = try await admin.putPrincipal(
                PutPrincipalRequest(
                    principalID: "m2",
                    displayName: known.displayName,
                    roles: known.roles,
                    suspended: true,
                    expectedRevision: known.revision
                )
            )
            let suspended = await reason {
                _ = try await node.directory("m2").getSelf(GetSelfRequest())
            }
            #expect(Self.shutOut.contains(suspended ?? "nothing"))
            let device = try #require(
                try await admin.getPrincipal(GetPrincipalRequest(principalID: "m3")).principal?
                    .certificates.first { $0.use == .transport }
            )
            _ = try await admin.revokeCertificate(
                RevokeCertificateRequest(
                    principalID: "m3",
                    fingerprint: device.fingerprint,
                    reason: "mất máy"
                )
            )
            let revoked = await reason {
                _ = try await node.directory("m3").getSelf(GetSelfRequest())
            }
            #expect(Self.shutOut.contains(revoked ?? "nothing"))
            // And no longer connects.
            for name in ["m2", "m3"] {
                let again = await reason {
                    try await node.reconnected(name)
                }
                #expect(again == "CLIENT_REVOKED")
            }
        }
    }

    /// What somebody is told who is shut out while connected: the call may come before the connection ends,
    /// as it ends, or after.
    private static let shutOut: Set = ["PRINCIPAL_UNKNOWN", "GO_AWAY", "CLIENT_REVOKED"]

    @Test("A certificate that another authority issued is refused")
    func otherIssuer() async throws {
        try await ServedNode.run { node in
            let key = try PrivateKey.generate(.ecdsaP256SHA256)
            let found = await reason {
                _ = try await node.directory("admin").addCertificate(
                    AddCertificateRequest(
                        principalID: "m2",
                        use: .signing,
                        der: try TestAuthority().issue(key.publicKey)
                    )
                )
            }
            #expect(found == "CERTIFICATE_INVALID")
        }
    }

    @Test("Whom the directory knows is told to those only who may admit")
    func admissions() async throws {
        try await ServedNode.run { node in
            try await node.prepareMeeting()
            for (admission, refusal) in [
                (Admission(principalID: "nobody", roles: [.member]), "PRINCIPAL_NOT_FOUND"),
                // That somebody is no chair is what the directory says, too.
                (Admission(principalID: "m2", roles: [.member, .chair]), "FIELD_INVALID"),
            ] {
                let request = AdmitParticipantsRequest(
                    meetingID: "meeting",
                    admissions: [admission]
                )
                for (name, expected) in [
                    ("secretary", refusal), ("m2", "ROLE_REQUIRED"),
                    ("outsider", "MEETING_NOT_FOUND"),
                ] {
                    let found = await reason {
                        _ = try await node.meeting(name).admitParticipants(request)
                    }
                    #expect(found == expected)
                }
            }
        }
    }
}

@Suite struct PrincipalQuotaTests {
    @Test("A principal has so many calls at once, and others are not concerned")
    func quota() throws {
        let quota = PrincipalQuota()
        for _ in 0..<PrincipalQuota.maximumCount { try quota.take("one") }
        let error = #expect(throws: RPCError.self) { try quota.take("one") }
        #expect(error?.code == .resourceExhausted && error?.isNotProcessed == true)
        try quota.take("other")
        quota.release("one")
        try quota.take("one")
    }
}
