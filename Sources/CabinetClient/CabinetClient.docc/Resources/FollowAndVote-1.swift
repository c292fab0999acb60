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
    await rpc.close()
}
