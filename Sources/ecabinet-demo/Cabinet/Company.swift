import CabinetAPI
import CabinetCrypto
import CabinetModel
import CabinetRPC
import CabinetTexts

/// Everybody who has to do with the meeting.
struct Company: Sendable {
    /// A member, and where it sits.
    struct Member: Sendable {
        let seat: Seat
        let person: Person
    }

    /// As in ``Seats``.
    let members: [Member]
    let secretary: Person
    let wallBoard: Person
    /// Takes no part in the meeting.
    let auditor: Person
    /// Keeps the directory; the server knows it from its settings.
    let administrator: Person

    init(_ pki: TrialPKI, _ language: Language) throws {
        members = try Seats.all.map { seat in
            Member(
                seat: seat,
                person: try Person(
                    seat.id,
                    named: seat.office.text(in: language),
                    seat.isChair ? [.member, .chair] : [.member],
                    seat.place == .remote ? .phone : .seatTablet,
                    pki
                )
            )
        }
        func person(
            _ id: String,
            _ name: Phrase,
            _ role: CabinetAPI.Role,
            _ kind: CabinetAPI.DeviceKind
        ) throws -> Person {
            try Person(id, named: name.text(in: language), [role], kind, pki)
        }
        secretary = try person(
            "secretary",
            Phrase(vi: "Thư ký phiên họp", en: "Secretary"),
            .secretary,
            .computer
        )
        wallBoard = try person(
            "wall-board",
            Phrase(vi: "Màn hình phòng họp", en: "Wall board"),
            .display,
            .wallBoard
        )
        auditor = try person(
            "auditor",
            Phrase(vi: "Kiểm toán viên", en: "Auditor"),
            .auditor,
            .computer
        )
        administrator = try person(
            "admin",
            Phrase(vi: "Quản trị viên", en: "Administrator"),
            .administrator,
            .computer
        )
    }

    /// Those who are there, in the room or elsewhere.
    var present: [Member] { members.filter { $0.seat.place != nil } }

    var absent: [Member] { members.filter { $0.seat.place == nil } }

    func count(_ place: CabinetModel.Place) -> Int {
        members.count { $0.seat.place == place }
    }

    /// Puts everybody into the directory, with their certificates.
    ///
    /// - Parameter administrator: The connection of the administrator's device.
    func enter(by administrator: RPCClient) async throws {
        let directory = DirectoryService.Client(administrator)
        for person in members.map(\.person) + [secretary, wallBoard, auditor] {
            _ = try await directory.putPrincipal(
                PutPrincipalRequest(
                    principalID: person.id.text,
                    displayName: person.name,
                    roles: person.roles
                )
            )
            _ = try await directory.addCertificate(
                AddCertificateRequest(
                    principalID: person.id.text,
                    use: .transport,
                    deviceKind: person.deviceKind,
                    der: person.device.certificate.der
                )
            )
            guard let signature = person.signature else { continue }
            _ = try await directory.addCertificate(
                AddCertificateRequest(
                    principalID: person.id.text,
                    use: .signing,
                    der: signature.certificate.der
                )
            )
        }
    }
}
