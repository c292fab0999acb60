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
        facts.add("profile", name.text)
        for member in profile.members {
            guard case .string(let value) = member.value else { continue }
            facts.add(member.name.replacing("_", with: " "), value)
        }
        facts.add("file", path)
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
        var table = Table([.init("PROFILE"), .init("SERVER"), .init("CERTIFICATE")])
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
