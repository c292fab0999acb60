import CabinetModel
import CabinetTLS

/// The profiles of `ecabinet` for some who were there, so that it can be tried as any of them.
struct Profiles: Sendable {
    let workspace: Workspace
    /// The program.
    let client: String

    /// What `ECABINET_CONFIG_HOME` names, in the workspace.
    static let folder = "client"

    /// Where a member's journal is, in the workspace: where `ecabinet` looks for that of a profile which is
    /// called after the member.
    static func journal(of member: PrincipalID) -> String {
        "\(folder)/profiles/\(member)/journals/\(member)"
    }

    /// Writes them.
    func keep(_ company: Company, _ pki: TrialPKI, _ record: Record) async throws {
        let members = company.members.filter {
            $0.seat.isChair || $0.seat.id == Seats.unluckyID
        }
        let others = [company.secretary, company.auditor, company.administrator]
        for person in members.map(\.person) + others {
            let files = pki.transport(person.device)
            var arguments = [
                "profile", "set", person.id.text, "--server", "\(record.address)",
                "--certificate", files.certificateChain, "--key", files.privateKey,
                "--authorities", files.trustedAuthorities,
                "--log-key", workspace.path("data/log-key.vkey"),
            ]
            if let signature = person.signature {
                arguments += [
                    "--signing-key", signature.keyFile,
                    "--signing-certificate", signature.certificateFile,
                ]
            }
            try await Program(
                client,
                arguments,
                environment: ["ECABINET_CONFIG_HOME": workspace.path(Self.folder)]
            ).run(in: workspace, outputAs: "profile-\(person.id)")
        }
    }
}
