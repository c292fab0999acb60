extension Failure {
    /// A profile that somebody has named and that is not there.
    init(noProfile name: ProfileName, _ store: ProfileStore) {
        self.init(
            .configuration,
            "PROFILE_NOT_FOUND",
            Phrase("there is no profile «\(name)»", vi: "không có hồ sơ «\(name)»"),
            because: Self.list(of: store),
            advice: Self.advice(for: name, "--server HOST:PORT …", store),
            attributes: [.init("profile", .string(name.text))]
        )
    }

    /// An option that was not given, and that the profile has not.
    init(missing option: String, in name: ProfileName, advice: Phrase) {
        self.init(
            missing: option,
            because: Phrase(
                "neither the command line nor the profile «\(name)» has it",
                vi: "cả dòng lệnh lẫn hồ sơ «\(name)» đều không có"
            ),
            advice: advice
        )
    }

    /// An option that was not given, without the profile that is taken where none is named.
    init(missing option: String, without name: ProfileName, _ store: ProfileStore) {
        let list = Self.list(of: store)
        self.init(
            missing: option,
            because: Phrase(
                "the command line has it not, and there is no profile «\(name)»\n\(list.english)",
                vi: "dòng lệnh không có, và không có hồ sơ «\(name)»\n\(list.vietnamese)"
            ),
            advice: Self.advice(for: name, "\(option) …", store)
        )
    }

    private init(missing option: String, because cause: Phrase, advice: Phrase) {
        self.init(
            .configuration,
            "SETTING_MISSING",
            Phrase("\(option) is missing", vi: "thiếu \(option)"),
            because: cause,
            advice: advice,
            attributes: [.init("option", .string(option))]
        )
    }

    private static func list(of store: ProfileStore) -> Phrase {
        let names = store.names().map(\.text).joined(separator: ", ")
        return names.isEmpty
            ? Phrase("there are no profiles yet", vi: "chưa có hồ sơ nào")
            : Phrase("there are: \(names)", vi: "hiện có: \(names)")
    }

    /// - Parameter option: What the profile is made with.
    private static func advice(
        for name: ProfileName,
        _ option: String,
        _ store: ProfileStore
    ) -> Phrase {
        let command = "«ecabinet profile set \(name) \(option)»"
        return store.names().isEmpty
            ? Phrase("make it with \(command)", vi: "hãy tạo hồ sơ bằng \(command)")
            : Phrase(
                "name one of these with --profile, or make it with \(command)",
                vi: "hãy chọn một hồ sơ bằng --profile, hoặc tạo hồ sơ bằng \(command)"
            )
    }
}
