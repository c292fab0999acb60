import BallotTestSupport
import CabinetAPI
import CabinetCodec
import CabinetCrypto
import CabinetLedger
import CabinetMapping
import CabinetModel
import ModelTestSupport
import Testing

/// A server without its shell: requests in, bytes stored, responses and events out.
private struct Hall {
    private(set) var state = CabinetModel.MeetingState()
    private(set) var log: [[UInt8]] = []
    private(set) var follower = MeetingFollower(audience: .members)
    private var tree = MerkleTree()
    private var count = 0
    let signer: NoteSigner
    let newLog: NewLog

    init() throws {
        let name = try #require(NoteKeyName("cabinet.example/meeting"))
        let key = try Ed25519PrivateKey.generate()
        signer = NoteSigner(name: name, key: key)
        newLog = NewLog(
            origin: try LogOrigin(name.line.text),
            publicKey: try LogPublicKey(key.ed25519PublicKey.bytes),
            epoch: try Epoch(7)
        )
    }

    @discardableResult
    mutating func give(
        _ command: MeetingCommand,
        by id: PrincipalID,
        key: CommandKey? = nil
    ) throws -> [Entry] {
        count += 1
        let actor = CabinetModel.Actor.principal(
            Caller(
                id,
                transportKey: .named("tablet"),
                commandKey: key ?? .numbered(count),
                directoryRoles: [.secretary]
            )
        )
        let time = Moment.at(1_561_341_600_000 + Int64(count))
        let command = command.command.withRoll(of: state)
        let entries = try state.commit(command, by: actor, at: time)
        var coding = EntryCoding()
        for entry in entries {
            let bytes = try coding.serialize(entry)
            log.append(bytes)
            tree.append(LeafHash(entry: bytes))
            state.evolve(entry)
            let event = FollowMeetingResponse(state.event(for: .members, of: entry)).serialized()
            try follower.take(
                try FollowMeetingResponse(serialized: event),
                sequenceNumber: entry.index + 1
            )
        }
        return entries
    }

    func receipt(_ index: UInt64) throws -> CabinetAPI.Receipt {
        let checkpoint = try #require(
            Checkpoint(
                origin: signer.verifierKey.name.line,
                treeSize: tree.size,
                rootHash: tree.root,
                extensionLines: []
            )
        )
        return CabinetAPI.Receipt(
            try CabinetLedger.Receipt(
                index: index,
                entry: log[Int(index)],
                inclusionHashes: tree.inclusionProof(ofLeaf: index, atSize: tree.size).hashes,
                checkpoint: SignedCheckpoint(checkpoint, signedBy: signer)
            )
        )
    }
}

@Suite struct WholeSessionTests {
    private static let keys = [TestKeys.p256, TestKeys.otherP256, TestKeys.ed25519]

    private static func facts(_ id: PrincipalID) -> DirectoryFacts? {
        let number = ["m1", "m2", "m3"].firstIndex(of: id.text)
        let keys = number.map { [KeyFingerprint(Self.keys[$0].publicKey)] } ?? []
        return DirectoryFacts(
            displayName: "Người dự họp",
            roles: [.member, .chair, .secretary],
            signingKeys: try! SigningKeys(keys)
        )
    }

    /// A session from its scheduling to a verdict, on requests alone.
    @Test func aSessionRunsOnRequestsAndIsVerifiedFromItsBytes() throws {
        var hall = try Hall()
        try prepare(&hall)
        try open(&hall)
        var receipts: [CabinetAPI.Receipt] = []
        for (number, choice) in [CabinetModel.Choice.yes, .no, .yes].enumerated() {
            receipts.append(try cast(choice, number, &hall))
        }
        let closing = try hall.give(
            MeetingCommand(ClosePollRequest(meetingID: "meeting", pollID: "poll")),
            by: "m1"
        )
        let response = ClosePollResponse(closing)
        #expect(response.commit?.entryCount == 2)
        #expect(response.verdict?.outcome == .carried)
        #expect(response.verdict?.ground == .thresholdReached)
        #expect(response.verdict?.threshold?.neededWeight == 2)

        try verify(receipts, hall)
        try audit(hall)
        #expect(hall.follower.replica == hall.state.snapshot(for: .members))
    }

    private func prepare(_ hall: inout Hall) throws {
        let scheduled = try hall.give(
            MeetingCommand(
                validSchedule,
                log: hall.newLog,
                caller: try #require(Self.facts("s"))
            ),
            by: "s"
        )
        let response = ScheduleMeetingResponse(scheduled, hall.state)
        #expect(response.commit?.firstIndex == 0 && response.commit?.entryCount == 3)
        #expect(response.meeting?.state == .scheduled)
        try hall.give(
            MeetingCommand(
                AdmitParticipantsRequest(
                    meetingID: "meeting",
                    admissions: [
                        Admission(principalID: "m1", roles: [.member, .chair]),
                        Admission(principalID: "m2", roles: [.member]),
                        Admission(principalID: "m3", roles: [.member]),
                    ]
                ),
                directory: Self.facts
            ),
            by: "s"
        )
        for (id, place) in [("m1", CabinetAPI.Place.room), ("m2", .room), ("m3", .remote)] {
            try hall.give(
                MeetingCommand(CheckInRequest(meetingID: "meeting", place: place)),
                by: Identifier(stringLiteral: id)
            )
        }
        try hall.give(MeetingCommand(validItem), by: "s")
    }

    private func open(_ hall: inout Hall) throws {
        let opened = OpenMeetingResponse(
            try hall.give(MeetingCommand(OpenMeetingRequest(meetingID: "meeting")), by: "m1")
        )
        #expect(opened.quorum?.countedMembers == 3 && opened.quorum?.neededMembers == 2)
        let created = CreatePollResponse(try hall.give(MeetingCommand(validPoll), by: "s"))
        #expect(created.motion == sampleMotion.bytes)
        #expect(created.motionDigest == sampleMotion.digest.bytes)
        let request = OpenPollRequest(meetingID: "meeting", pollID: "poll", durationMs: 60_000)
        let entries = try hall.give(MeetingCommand(request), by: "m1")
        #expect(entries.count == 2)
    }

    /// As a member's tablet does it: from what its replica shows.
    private func cast(
        _ choice: CabinetModel.Choice,
        _ number: Int,
        _ hall: inout Hall
    ) throws -> CabinetAPI.Receipt {
        let member = Session.member(number + 1)
        let poll = try #require(hall.follower.replica.proceedings.poll("poll"))
        let unsigned = try #require(
            UnsignedBallot(
                .numbered(number),
                of: member,
                .vote(choice, .first),
                in: poll,
                of: "meeting"
            )
        )
        let key = Self.keys[number]
        let request = CastBallotRequest(
            ballot: unsigned.signed(
                with: try key.sign(unsigned.messageToSign),
                by: key.publicKey,
                certificate: try certificate(of: key)
            )
        )
        let commandKey = CommandKey(unsigned.statement.ballot)
        let entries = try hall.give(
            MeetingCommand(request, commandKey: commandKey),
            by: member,
            key: commandKey
        )
        return try hall.receipt(try #require(entries.first).index)
    }

    private func verify(_ receipts: [CabinetAPI.Receipt], _ hall: Hall) throws {
        for message in receipts {
            let received = try CabinetAPI.Receipt(serialized: message.serialized())
            let receipt = try CabinetLedger.Receipt(received)
            _ = try receipt.verified(
                origin: hall.signer.verifierKey.name.line,
                logKey: hall.signer.verifierKey
            )
            var coding = EntryCoding()
            let entry = try coding.parse(receipt.entry, at: receipt.index)
            guard case .ballotCast(let ballot, _) = entry.body else {
                Issue.record("a receipt of something else")
                continue
            }
            try ballot.verifySignature()
        }
    }

    private func audit(_ hall: Hall) throws {
        var reader = LogReader(verifiesSignatures: true)
        var state = CabinetModel.MeetingState()
        for bytes in hall.log { state.evolve(try reader.next(bytes)) }
        #expect(state == hall.state)
        #expect(reader.nextIndex == hall.state.entryCount)
    }
}

extension KeyFingerprint {
    fileprivate init(_ key: PublicKey) {
        try! self.init(key.fingerprint.bytes)
    }
}
