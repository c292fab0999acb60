/// What is wrong with a connection, and what a person can do about it.
enum ConnectionFailures {
    private struct Entry {
        let status: ExitStatus
        let happened: Phrase
        /// In Vietnamese, before what the connection itself says.
        let why: String
        let advice: Phrase
    }

    /// - Parameters:
    ///   - reason: Of the domain `cabinet.rpc`.
    ///   - message: In English, with the details.
    static func failure(_ reason: String, _ message: String) -> Failure? {
        guard let entry = entries[reason] else { return nil }
        return Failure(
            entry.status,
            reason,
            entry.happened,
            because: Phrase(detail: message, vi: entry.why),
            advice: entry.advice
        )
    }

    private static let entries: [String: Entry] = [
        "NO_CONNECTION": Entry(
            status: .unavailable,
            happened: Phrase(
                "there is no connection to the server",
                vi: "không kết nối được với máy chủ"
            ),
            why: "không có máy chủ nào trả lời ở địa chỉ đó, hoặc mạng bị gián đoạn",
            advice: Phrase(
                "start the server, or name another with --server or in the profile",
                vi: "hãy khởi động máy chủ, hoặc chọn máy chủ khác bằng --server hay trong hồ sơ"
            )
        ),
        "CONNECTION_LOST": lost,
        "SERVER_SILENT": lost,
        "CONNECTION_CLOSING": lost,
        "CLIENT_REVOKED": ownCertificate,
        "TLS_PEER_ALERT": ownCertificate,
        "TLS_UNTRUSTED": serverCertificate(
            "chứng thư không do cơ quan nào trong --authorities cấp",
            Phrase(
                "--authorities has to name the authority that issued the server's certificate; if it"
                    + " does, this is not the server that you mean",
                vi: "--authorities phải là cơ quan cấp chứng thư của máy chủ; nếu đã đúng thì đây"
                    + " không phải máy chủ bạn muốn kết nối"
            )
        ),
        "TLS_EXPIRED": serverCertificate(
            "chứng thư của máy chủ đã hết hạn",
            Phrase(
                "whoever runs the server has to renew its certificate; is this machine's clock right?",
                vi: "người vận hành máy chủ cần gia hạn chứng thư; đồng hồ máy này có đúng không?"
            )
        ),
        "TLS_NOT_YET_VALID": serverCertificate(
            "chứng thư của máy chủ chưa có hiệu lực",
            Phrase(
                "is this machine's clock right?",
                vi: "đồng hồ máy này có đúng không?"
            )
        ),
        "TLS_REVOKED": serverCertificate(
            "chứng thư của máy chủ đã bị thu hồi",
            Phrase(
                "do not use this server; ask whoever runs it",
                vi: "đừng dùng máy chủ này; hãy hỏi người vận hành"
            )
        ),
        "TLS_REVOCATION_UNKNOWN": serverCertificate(
            "không có danh sách thu hồi còn hiệu lực của cơ quan cấp chứng thư",
            Phrase(
                "get current revocation lists of all authorities for --revocation-lists",
                vi: "hãy lấy danh sách thu hồi mới nhất cho --revocation-lists"
            )
        ),
        "TLS_WRONG_HOST": serverCertificate(
            "chứng thư không được cấp cho tên máy chủ này",
            Phrase(
                "name the server with --server as its certificate does",
                vi: "hãy ghi tên máy chủ ở --server đúng như trong chứng thư của nó"
            )
        ),
        "TLS_WRONG_PURPOSE": serverCertificate(
            "chứng thư không dành cho máy chủ",
            Phrase(
                "the server has to be given a certificate for servers",
                vi: "máy chủ cần chứng thư dành cho máy chủ"
            )
        ),
        "TLS_NOT_TLS": otherServer,
        "TLS_PLAIN_HTTP": otherServer,
        "TLS_NO_COMMON_PROTOCOL": otherServer,
        "TLS_UNSUPPORTED_VERSION": otherServer,
        "DEADLINE_PASSED": late,
    ]

    private static let notAccepted = Phrase(
        "the server's certificate is not accepted",
        vi: "chứng thư của máy chủ không được chấp nhận"
    )

    private static func serverCertificate(_ why: String, _ advice: Phrase) -> Entry {
        Entry(status: .notPermitted, happened: notAccepted, why: why, advice: advice)
    }

    private static let ownCertificate = Entry(
        status: .notPermitted,
        happened: Phrase(
            "the server does not accept this device's certificate",
            vi: "máy chủ không chấp nhận chứng thư của thiết bị này"
        ),
        why: "chứng thư đã bị thu hồi, đã hết hạn, hoặc do cơ quan khác cấp",
        advice: Phrase(
            "take another with --certificate and --key, or ask an administrator for a new one",
            vi:
                "hãy dùng chứng thư khác bằng --certificate và --key, hoặc xin quản trị viên cấp mới"
        )
    )

    private static let otherServer = Entry(
        status: .unavailable,
        happened: Phrase(
            "what answers there is no server of e-Cabinet",
            vi: "địa chỉ này không phải máy chủ e-Cabinet"
        ),
        why: "máy ở địa chỉ đó không dùng giao thức của e-Cabinet",
        advice: Phrase(
            "name the server's address and port with --server",
            vi: "hãy ghi đúng địa chỉ và cổng của máy chủ ở --server"
        )
    )

    private static let lost = Entry(
        status: .unavailable,
        happened: Phrase(
            "the connection to the server was lost",
            vi: "mất kết nối với máy chủ"
        ),
        why: "đường truyền bị gián đoạn, hoặc máy chủ vừa dừng",
        advice: Phrase("try again in a moment", vi: "hãy thử lại sau giây lát")
    )

    private static let late = Entry(
        status: .unavailable,
        happened: Phrase("the server did not answer in time", vi: "máy chủ không trả lời kịp"),
        why: "đã hết thời gian chờ",
        advice: Phrase(
            "try again, or wait longer with --timeout",
            vi: "hãy thử lại, hoặc chờ lâu hơn bằng --timeout"
        )
    )
}
