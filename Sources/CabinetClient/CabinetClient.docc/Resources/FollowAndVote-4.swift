import CabinetClient
import CabinetModel
import CabinetRPC
import CabinetTLS
import Foundation
import Logging

/// Follows a meeting, votes in favour as soon as a poll is open, and waits for its verdict.
func followAndVote(meeting: String, member: String, port: Int, folder: String) async throws {
    let tablet = TLSFiles(
        certificateChain: folder + "/tablet.pem",
        privateKey: folder + "/tablet.key",
        trustedAuthorities: folder + "/ca.pem"
    )
    let tls = try TLSClientContext(tablet)
    let rpc = RPCClient(host: "127.0.0.1", port: port, tls: tls, logger: Logger(label: "tablet"))

    let (meeting, member) = (try MeetingID(meeting), try PrincipalID(member))
    let text = { try String(contentsOfFile: folder + $0, encoding: .utf8) }
    let log = try TrustedInstallation(parsing: text("/log-key.vkey"))
    let journal = try SQLiteBallotJournal(folder: folder, of: member)
    let live = try MeetingReplica(of: meeting, for: .members, over: rpc, in: log, journal: journal)

    let (key, certificate) = (try text("/member.key"), try text("/member.pem"))
    let signer = try BallotSigner(member, privateKeyPEM: key, certificatePEM: certificate)
    let voting = VotingClient(rpc, as: signer, of: log, journal: journal)
    var ballot: ProvenBallot?

    for try await picture in live.pictures where picture.condition == .live {
        let polls = picture.state?.proceedings.polls ?? []
        for poll in polls { print(poll.id, poll.state) }
        if ballot == nil, let open = polls.first(where: { $0.state == .open }) {
            let paper = try await voting.ballotPaper(of: open.id, in: meeting)
            ballot = try await voting.cast(.yes, on: paper)
        }
        if let verdict = polls.first(where: { $0.id == ballot?.statement.poll })?.verdict {
            print(verdict.outcome, ballot?.explanation ?? [])
            break
        }
    }
    live.stop()
    await journal.close()
    await rpc.close()
}
