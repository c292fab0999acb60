import CabinetClient
import CabinetModel
import CabinetRPC

/// The device of a member, switched on: its connection, and the journal on its disk.
struct MemberDevice: Sendable {
    let member: Company.Member
    let rpc: RPCClient
    let voting: VotingClient
    let journal: SQLiteBallotJournal

    /// - Parameters:
    ///   - folder: Where the journal is; what an earlier run has left is taken up.
    ///   - policy: How long a ballot is sent again before the member is told that nothing is known.
    init(
        _ member: Company.Member,
        over rpc: RPCClient,
        of installation: TrustedInstallation,
        journalIn folder: String,
        policy: DeliveryPolicy = DeliveryPolicy()
    ) throws {
        guard let signature = member.person.signature else {
            throw DemoFailure(
                vi: "\(member.person.name) không có khóa ký",
                en: "\(member.person.name) has no key to sign with"
            )
        }
        self.member = member
        self.rpc = rpc
        journal = try SQLiteBallotJournal(folder: folder, of: member.person.id)
        voting = VotingClient(
            rpc,
            as: try BallotSigner(
                member.person.id,
                signer: signature.key,
                certificate: signature.certificate
            ),
            of: installation,
            journal: journal,
            policy: policy
        )
    }

    /// Switches it off. The journal stays on its disk.
    func close() async {
        await journal.close()
        await rpc.close()
    }
}
