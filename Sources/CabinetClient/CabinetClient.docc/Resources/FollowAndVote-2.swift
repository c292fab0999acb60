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

    for try await picture in live.pictures where picture.condition == .live {
        let polls = picture.state?.proceedings.polls ?? []
        for poll in polls { print(poll.id, poll.state) }
    }
    live.stop()
    await journal.close()
    await rpc.close()
}
