import CabinetModel

/// The 27 members of the Government as it was in June 2019, by office: the Prime Minister, five deputies, one
/// of them with a ministry, 17 other ministers, and the heads of four agencies at the level of a ministry.
///
/// That 21 of them were in the room, 4 voted from elsewhere and 2 were absent is how it was. Which offices
/// those were is made up.
enum Seats {
    static let all = leaders + ministers + agencies

    /// Whose link is cut when the ballot has just been sent.
    static let unluckyID = "minister-transport"

    private static let leaders = [
        Seat(
            "prime-minister",
            vi: "Thủ tướng Chính phủ",
            en: "Prime Minister",
            isChair: true
        ),
        Seat(
            "deputy-pm-permanent",
            vi: "Phó Thủ tướng Thường trực",
            en: "Permanent Deputy Prime Minister"
        ),
        Seat(
            "deputy-pm-foreign-affairs",
            vi: "Phó Thủ tướng, Bộ trưởng Bộ Ngoại giao",
            en: "Deputy Prime Minister, Minister of Foreign Affairs"
        ),
        Seat("deputy-pm-2", vi: "Phó Thủ tướng (2)", en: "Deputy Prime Minister (2)"),
        Seat("deputy-pm-3", vi: "Phó Thủ tướng (3)", en: "Deputy Prime Minister (3)"),
        Seat("deputy-pm-4", vi: "Phó Thủ tướng (4)", en: "Deputy Prime Minister (4)", nil),
    ]

    private static let ministers = [
        minister("defence", vi: "Quốc phòng", en: "National Defence"),
        minister("public-security", vi: "Công an", en: "Public Security"),
        minister("home-affairs", vi: "Nội vụ", en: "Home Affairs"),
        minister("justice", vi: "Tư pháp", en: "Justice"),
        minister("planning", vi: "Kế hoạch và Đầu tư", en: "Planning and Investment"),
        minister("finance", vi: "Tài chính", en: "Finance"),
        minister("industry", vi: "Công Thương", en: "Industry and Trade"),
        minister(
            "agriculture",
            vi: "Nông nghiệp và Phát triển nông thôn",
            en: "Agriculture and Rural Development",
            .remote
        ),
        minister("transport", vi: "Giao thông vận tải", en: "Transport", .remote),
        minister("construction", vi: "Xây dựng", en: "Construction"),
        minister(
            "environment",
            vi: "Tài nguyên và Môi trường",
            en: "Natural Resources and Environment"
        ),
        minister(
            "information",
            vi: "Thông tin và Truyền thông",
            en: "Information and Communications"
        ),
        minister(
            "labour",
            vi: "Lao động - Thương binh và Xã hội",
            en: "Labour, Invalids and Social Affairs"
        ),
        minister(
            "culture",
            vi: "Văn hóa, Thể thao và Du lịch",
            en: "Culture, Sports and Tourism",
            nil
        ),
        minister("science", vi: "Khoa học và Công nghệ", en: "Science and Technology", .remote),
        minister("education", vi: "Giáo dục và Đào tạo", en: "Education and Training"),
        minister("health", vi: "Y tế", en: "Health"),
    ]

    private static let agencies = [
        Seat(
            "inspector-general",
            vi: "Tổng Thanh tra Chính phủ",
            en: "Inspector General of the Government"
        ),
        Seat(
            "state-bank",
            vi: "Thống đốc Ngân hàng Nhà nước",
            en: "Governor of the State Bank"
        ),
        Seat(
            "government-office",
            vi: "Bộ trưởng, Chủ nhiệm Văn phòng Chính phủ",
            en: "Minister, Chairman of the Office of the Government"
        ),
        Seat(
            "ethnic-affairs",
            vi: "Bộ trưởng, Chủ nhiệm Ủy ban Dân tộc",
            en: "Minister, Chairman of the Committee for Ethnic Affairs",
            .remote
        ),
    ]

    private static func minister(
        _ id: String,
        vi: String,
        en: String,
        _ place: Place? = .room
    ) -> Seat {
        Seat("minister-\(id)", vi: "Bộ trưởng Bộ \(vi)", en: "Minister of \(en)", place)
    }
}
