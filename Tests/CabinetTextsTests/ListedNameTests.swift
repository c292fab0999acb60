import CabinetModel
import CabinetTexts
import ModelTestSupport
import Testing

@Suite struct ListedNameTests {
    @Test(arguments: [
        // By given name, then by the whole name.
        ["Nguyễn Văn An", "Lê Thị Bình", "Trần Bình", "Phạm Chi"],
        // The letters in their order.
        ["Lê A", "Lê Ă", "Lê Â", "Lê B", "Lê D", "Lê Đ", "Lê E", "Lê Ê", "Lê O", "Lê Ô", "Lê Ơ"],
        // The tones in their order: ngang, huyền, hỏi, ngã, sắc, nặng.
        ["Lê Ma", "Lê Mà", "Lê Mả", "Lê Mã", "Lê Má", "Lê Mạ", "Lê Mai"],
        // Letters go before tones.
        ["Trần Anh", "Trần Ánh", "Trần Áo"],
        // One that has no surname.
        ["An", "Lê An", "Bình"],
    ])
    func personsAreListedByTheirGivenNames(names: [String]) {
        let sorted = names.reversed().sorted {
            ListedName(ofPerson: $0) < ListedName(ofPerson: $1)
        }
        #expect(sorted == names)
    }

    @Test func theFormOfNormalisationDoesNotMatter() {
        let composed = ListedName(ofPerson: "L\u{ea} Th\u{1ecb} Tuy\u{1ebf}t")
        let decomposed = ListedName(ofPerson: "Le\u{302} Thi\u{323} Tuye\u{302}\u{301}t")
        #expect(composed == decomposed)
    }

    @Test func theChairComesFirstAndOfficesAreSortedAsTheyAreWritten() throws {
        var session = try Session.scheduled()
        let members: [(PrincipalID, DisplayName, Office?, RoleSet)] = [
            ("m1", "Bộ trưởng Bộ Y tế", nil, [.member]),
            ("m2", "Bộ trưởng Bộ Công an", nil, [.member]),
            ("m3", "Trần Văn Bình", "Bộ Nội vụ", [.member]),
            ("m4", "Thủ tướng Chính phủ", nil, [.member, .chair]),
            ("m5", "Nguyễn Thị Ân", "Bộ Tư pháp", [.member]),
            ("guest", "An", nil, [.guest]),
        ]
        try session.run(
            .admitParticipants(
                members.map { id, name, office, roles in
                    try Participant(id, displayName: name, office: office, roles: roles)
                }
            ),
            by: "secretary"
        )
        #expect(
            session.state.proceedings.listedMembers.map(\.displayName.value) == [
                "Thủ tướng Chính phủ", "Nguyễn Thị Ân", "Trần Văn Bình", "Bộ trưởng Bộ Công an",
                "Bộ trưởng Bộ Y tế",
            ]
        )
    }
}
