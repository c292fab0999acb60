import CabinetAPI
import CabinetClient
import CabinetLedger
import CabinetLocks
import CabinetModel
import CabinetRPC
import CabinetTexts
import CommandSupport

// The vote.

extension Session {
    /// The chair has the members vote.
    ///
    /// - Returns: All ballots, each proven to be in the log.
    func vote(
        _ devices: Devices,
        _ chair: RPCClient,
        _ wall: WallBoard
    ) async throws -> [ProvenBallot] {
        show.begin(Phrase(vi: "Biểu quyết", en: "The vote"))
        _ = try await VotingService.Client(secretary).createPoll(
            CreatePollRequest(
                meetingID: meetingID,
                pollID: business.poll.text,
                agendaItemID: business.item.text,
                motion: Motion(text: business.motion, documents: [business.document])
            )
        )
        _ = try await VotingService.Client(chair).openPoll(
            OpenPollRequest(meetingID: meetingID, pollID: business.poll.text)
        )
        show.say(
            Phrase(
                vi: "Chủ tọa cho biểu quyết: «\(business.motion)»",
                en: "The chair orders the vote: «\(business.motion)»"
            )
        )
        try await pace.pause()
        let ballots = Guarded<[ProvenBallot]>([])
        let lucky = devices.all.filter { $0.member.seat.id != Seats.unluckyID }
        for wave in Waves(lucky, sizes: [1, 3, 1, 6, 2, 5, 1]) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for device in wave {
                    group.addTask {
                        let ballot = try await cast(device)
                        ballots.withLock { $0.append(ballot) }
                    }
                }
                try await group.waitForAll()
            }
            try await pace.pause()
        }
        show.say(
            Phrase(
                vi:
                    "\(lucky.count) phiếu đã ký số đã vào nhật ký; mỗi thiết bị đã xác minh biên nhận của "
                    + "mình.",
                en:
                    "\(lucky.count) signed ballots are in the log, and each device has verified its "
                    + "receipt."
            )
        )
        try await pace.pause()
        let late = try await castOverCutLink(devices, wall)
        return ballots.withLock { $0 } + [late]
    }

    /// A member is shown the paper, and votes for the motion.
    private func cast(_ device: MemberDevice) async throws -> ProvenBallot {
        let paper = try await device.voting.ballotPaper(of: business.poll, in: business.meeting)
        return try await device.voting.cast(.yes, on: paper)
    }

    // MARK: - A link that is cut

    /// The link of a member is cut when the ballot has been sent, and its device is switched off and on:
    /// the ballot that is in its journal is sent again, and counts once.
    private func castOverCutLink(
        _ devices: Devices,
        _ wall: WallBoard
    ) async throws -> ProvenBallot {
        guard let first = devices.all.first(where: { $0.member.seat.id == Seats.unluckyID }) else {
            throw DemoFailure(vi: "thiếu một thành viên", en: "a member is missing")
        }
        let member = first.member
        // A phone changes to another network.
        await first.close()
        let lost = try await castInVain(member)
        show.say(
            Phrase(
                vi:
                    "\(member.person.name): mất kết nối ngay sau khi gửi phiếu. Thiết bị không biết phiếu "
                    + "đã được tính hay chưa, nên không nói là đã.",
                en:
                    "\(member.person.name): the link is cut when the ballot has just been sent. The "
                    + "device does not know whether it counts, and does not say so."
            )
        )
        let seat = member.person.id
        try await wall.wait(
            for: Phrase(vi: "phiếu của \(member.person.name)", en: "\(member.person.name)'s ballot")
        ) { $0.hasBallot(of: seat) }
        let before = wall.sequenceNumber
        try await pace.pause(2)

        let second = try device(of: member, over: venue.connection(of: member.person))
        devices.replace(second)
        let delivered = try await second.voting.deliverPending()
        guard delivered.count == 1, delivered.first?.0 == lost,
            case .success(let ballot)? = delivered.first?.1
        else {
            throw DemoFailure(
                vi: "phiếu trong nhật ký không gửi lại được: \(delivered)",
                en: "the ballot of the journal was not delivered: \(delivered)"
            )
        }
        // The log would have grown by an entry, which every follower is told of.
        let checkpoint = try await second.voting.verifyHistory(of: business.meeting)
        guard checkpoint.checkpoint.treeSize == before else {
            throw DemoFailure(
                vi: "phiếu gửi lại đã được ghi hai lần",
                en: "the ballot that was sent again was entered twice"
            )
        }
        show.say(
            Phrase(
                vi:
                    "\(member.person.name): kết nối lại, gửi lại đúng phiếu đó từ nhật ký trên máy và nhận "
                    + "biên nhận của mục \(ballot.receipt.index), đã có từ lần gửi đầu: chỉ tính một lần.",
                en:
                    "\(member.person.name): connected again, the same ballot is sent from the journal on "
                    + "the device. The receipt is of entry \(ballot.receipt.index), from the first time: "
                    + "it counts once."
            )
        )
        try await pace.pause(3)
        return ballot
    }

    /// Votes over a link that is cut before there is an answer.
    ///
    /// - Returns: The ballot of which nothing is known.
    private func castInVain(_ member: Company.Member) async throws -> BallotID {
        let link = try await CutLink(to: venue.server.address.port)
        let rpc = venue.connection(of: member.person, port: link.port, retries: false)
        let outcome: Result<BallotID, any Error>
        do {
            let device = try device(
                of: member,
                over: rpc,
                // Switched off at once, instead of trying again.
                policy: DeliveryPolicy(patience: .zero)
            )
            outcome = await castInVain(device, link)
            await device.close()
        } catch {
            outcome = .failure(error)
            await rpc.close()
        }
        await link.close()
        return try outcome.get()
    }

    private func castInVain(
        _ device: MemberDevice,
        _ link: CutLink
    ) async -> Result<BallotID, any Error> {
        do {
            let paper = try await device.voting.ballotPaper(of: business.poll, in: business.meeting)
            link.cutAtNextAnswer()
            _ = try await device.voting.cast(.yes, on: paper)
            return .failure(DemoFailure(vi: "kết nối không bị cắt", en: "the link was not cut"))
        } catch CastError.undelivered(let ballot, _) {
            return .success(ballot)
        } catch {
            return .failure(error)
        }
    }
}

extension ReplicaState {
    /// Whether a member's ballot has come, as far as this audience is shown.
    fileprivate func hasBallot(of member: PrincipalID) -> Bool {
        guard let progress = proceedings.pollInProgress,
            let position = progress.roll.roll.position(of: member),
            let lines = pollInProgress?.ballots.rollCall?.lines, lines.indices.contains(position)
        else { return false }
        return lines[position] != .notVoted
    }
}
