import CabinetClient
import CabinetModel
import CabinetRPC
import CabinetTLS
import CabinetTexts
import Foundation

/// The whole demo: the stage is set, the session is played, and its minutes are verified.
struct Performance: Sendable {
    let show: Show
    let pace: Pace
    let workspace: Workspace
    let tools: Tools

    private static let installationName = "e-cabinet.example"

    /// - Throws: Whatever fails, and ``DemoFailure`` for whatever does not verify. No server runs then.
    func run() async throws {
        show.begin(Phrase(vi: "Chuẩn bị", en: "Preparing"))
        show.say(
            Phrase(
                vi:
                    "Diễn lại phiên họp e-Cabinet đầu tiên, ngày 24/6/2019. Chức danh nào ngồi ở đâu "
                    + "chỉ để minh họa.",
                en:
                    "The first session of the e-Cabinet, of 24 June 2019, is played again. Which office "
                    + "sits where is made up."
            )
        )
        let pki = try TrialPKI(in: try workspace.makeFolder("pki"))
        let company = try Company(pki, show.language)
        let business = try Business(show.language)
        try workspace.write(business.draft, as: Business.draftFile)
        show.say(
            Phrase(
                vi: "Đã cấp chứng thư dùng một lần cho \(company.members.count) thành viên, "
                    + "mỗi người một khóa thiết bị và một khóa ký phiếu.",
                en:
                    "Made a throw-away authority, and for each of \(company.members.count) members a "
                    + "key of the device and a key that signs ballots."
            )
        )
        let server = try await start(pki, company)
        let record: Record
        do {
            record = try await play(company, business, on: server)
            try await server.stop()
        } catch {
            await server.kill()
            throw error
        }
        show.lowerCurtain()
        show.begin(Phrase(vi: "Xác minh ngoại tuyến", en: "Verifying offline"))
        show.say(
            Phrase(
                vi: "Máy chủ đã dừng; từ đây chỉ còn các tệp.",
                en: "The server has stopped; from here on there are only files."
            )
        )
        let minutes = try await Proof(
            show: show,
            workspace: workspace,
            tools: tools,
            authorities: pki.certificateFile
        ).verify(record)
        try await NextSteps(
            show: show,
            workspace: workspace,
            tools: tools,
            business: business
        ).tell(record, minutes, company, pki)
    }

    /// Starts the server on a free port, with a configuration file that it can be started with again.
    private func start(_ pki: TrialPKI, _ company: Company) async throws -> ServerProcess {
        let files = try pki.server()
        let configuration = ServerConfiguration(
            name: Self.installationName,
            data: workspace.path("data"),
            certificate: files.certificateChain,
            key: files.privateKey,
            authorities: files.trustedAuthorities,
            administrator: company.administrator.device.certificateFile
        )
        try workspace.write(configuration.json(listen: nil), as: ServerConfiguration.file)
        let server = try await ServerProcess(
            tools.server,
            [
                "--config", workspace.path(ServerConfiguration.file),
                "--listen", "127.0.0.1:0", "--log-level", "notice",
            ],
            errors: workspace.path("server.log")
        )
        do {
            // For who starts it again: what was kept of this run names the port.
            try workspace.write(
                configuration.json(listen: server.address),
                as: ServerConfiguration.file
            )
        } catch {
            await server.kill()
            throw error
        }
        show.say(
            Phrase(
                vi: "ecabinetd chạy ở \(server.address), dữ liệu trong \(workspace.path("data")).",
                en: "ecabinetd listens on \(server.address), with its data in "
                    + "\(workspace.path("data"))."
            )
        )
        return server
    }

    /// The session, from the directory to the export of the log.
    private func play(
        _ company: Company,
        _ business: Business,
        on server: ServerProcess
    ) async throws -> Record {
        let key = try String(contentsOfFile: workspace.path("data/log-key.vkey"), encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let venue = Venue(
            server: server,
            verifierKey: key,
            installation: try TrustedInstallation(parsing: key)
        )
        let administrator = venue.connection(of: company.administrator)
        try await company.enter(by: administrator)
        await administrator.close()
        show.say(
            Phrase(
                vi: "Quản trị viên đã ghi mọi người vào danh bạ.",
                en: "The administrator has put everybody into the directory."
            )
        )
        let secretary = venue.connection(of: company.secretary)
        let board = venue.connection(of: company.wallBoard)
        let session = Session(
            show: show,
            pace: pace,
            workspace: workspace,
            company: company,
            business: business,
            venue: venue,
            secretary: secretary
        )
        let outcome: Result<Record, any Error>
        do {
            outcome = .success(try await session.run(board: board))
        } catch {
            outcome = .failure(error)
        }
        await board.close()
        await secretary.close()
        return try outcome.get()
    }
}
