import CabinetClient
import CabinetModel
import CommandSupport

/// What is left when the session is over: what everybody was told, to be compared with the log.
struct Record: Sendable {
    /// Where the server listened.
    let address: HostAndPort
    /// As the operator hands it out.
    let verifierKey: String
    let installation: TrustedInstallation
    let meeting: MeetingID
    let poll: PollID
    /// As the server answered whoever closed the poll.
    let verdict: Verdict
    /// Each with the receipt that the member's device has verified.
    let ballots: [ProvenBallot]
    /// The file of the log, as the auditor has exported it.
    let log: [UInt8]
}
