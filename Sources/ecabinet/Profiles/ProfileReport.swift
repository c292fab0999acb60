import CabinetTexts

/// A profile, as it is printed.
struct ProfileReport: Report {
    let name: ProfileName
    let profile: Profile
    let path: String

    var json: JSONValue {
        .object(
            [.init("profile", .string(name.text)), .init("path", .string(path))] + profile.members
        )
    }

    func lines(_ style: Style, _ language: Language) -> [String] {
        var facts = FactList()
        facts.add(language.text(vi: "hồ sơ", en: "profile"), name.text)
        for (label, value) in profile.facts(language) { facts.add(label, value) }
        facts.add(language.text(vi: "tệp", en: "file"), path)
        return facts.lines(style)
    }
}

/// All profiles, as they are printed.
struct ProfileListReport: Report {
    let profiles: [(name: ProfileName, profile: Profile)]

    var json: JSONValue {
        .object([
            .init(
                "profiles",
                .array(
                    profiles.map { name, profile in
                        .object([.init("profile", .string(name.text))] + profile.members)
                    }
                )
            )
        ])
    }

    func lines(_ style: Style, _ language: Language) -> [String] {
        guard !profiles.isEmpty else {
            return [Phrase("there are no profiles yet", vi: "chưa có hồ sơ nào").text(in: language)]
        }
        var table = Table([
            .init(language.text(vi: "HỒ SƠ", en: "PROFILE")),
            .init(language.text(vi: "MÁY CHỦ", en: "SERVER")),
            .init(language.text(vi: "CHỨNG THƯ", en: "CERTIFICATE")),
        ])
        for (name, profile) in profiles {
            table.add([
                Table.Cell(name.text, .bold),
                Table.Cell(profile.server.map { "\($0)" } ?? "–"),
                Table.Cell(profile.certificate ?? "–"),
            ])
        }
        return table.lines(style)
    }
}

extension Profile {
    /// What there is, with names for people.
    fileprivate func facts(_ language: Language) -> [(String, String?)] {
        [
            (language.text(vi: "máy chủ", en: "server"), server.map { "\($0)" }),
            (language.text(vi: "chứng thư", en: "certificate"), certificate),
            (language.text(vi: "khóa", en: "key"), key),
            (language.text(vi: "cơ quan cấp chứng thư", en: "authorities"), authorities),
            (language.text(vi: "danh sách thu hồi", en: "revocation lists"), revocationLists),
            (language.text(vi: "khóa nhật ký", en: "log key"), logKey),
            (language.text(vi: "khóa ký phiếu", en: "signing key"), signingKey),
            (
                language.text(vi: "chứng thư ký phiếu", en: "signing certificate"),
                signingCertificate
            ),
            (language.text(vi: "thành viên", en: "member"), member),
        ]
    }
}
