internal import CabinetModel
internal import CabinetTexts

/// `README.md`: what the folder is, and how somebody who has none of our programs verifies it.
struct Readme {
    let record: MinutesRecord
    let options: MinutesOptions

    /// The bytes of the file.
    var file: [UInt8] { Array((parts.joined(separator: "\n\n") + "\n").utf8) }

    private var parts: [String] {
        switch options.language {
        case .english: english
        case .vietnamese: vietnamese
        }
    }

    private func shell(_ command: String) -> String { "```sh\n\(command)\n```" }

    /// A text of the log, in which nothing is Markdown.
    private func written(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            let isLetter = character.properties.isAlphabetic || !character.isASCII
            let isPlain = isLetter || character == " " || ("0"..."9").contains(character)
            if !isPlain { result += "\\" }
            result.unicodeScalars.append(character)
        }
        return result
    }

    private var folder: String { MinutesBundle.folderName(of: record.log.meeting) }

    // MARK: - English

    private var english: [String] {
        [
            "# Minutes: \(written(record.meeting.title.value))",
            """
            Meeting `\(record.log.meeting)`, log \(written(record.log.origin.text)). The page to read is `minutes.html`. \
            Everything in this folder follows from the meeting's log, which is in `ledger/` whole, with every \
            ballot as its member signed it.
            """,
            """
            **Who may have this folder.** `ledger/` says how every ballot was cast, also those of polls that \
            were voided and those that were replaced, which nobody was shown in the meeting. Hand the folder \
            on only to whom that may be told. The other files show what the meeting's members were shown.
            """,
            """
            | file | what it is |
            |---|---|
            | `minutes.html`, `meeting.json` | the meeting, for people and for programs |
            | `polls/ID/result.json` | rule, roll, result and its explanation |
            | `polls/ID/motion.hashed`, `roll.hashed` | the bytes whose SHA-256 every ballot names |
            | `polls/ID/ballots/` | each ballot: what was signed, the signature, the public key |
            | `certificates/` | of everybody whose ballot is shown, named by their SHA-256 |
            | `ledger/meeting.cabinet-log`, `entries.jsonl` | the log, as one file and as lines of JSON |
            | `ledger/checkpoint.txt` | what the log has signed: its size and its root hash |
            | `ledger/log-key.vkey` | the log's key as the log names it; see below |
            | `manifest`, `bundle.json` | digests of the files; format, language and time zone |
            """,
            "## The key that you need",
            """
            The key of the log has to reach you another way than this folder did: the operator of the \
            installation publishes it as one line, `log-key.vkey`. Whoever makes up a meeting also makes a \
            key for it, and puts it into `ledger/log-key.vkey`. With that one you learn that the folder \
            agrees with itself, and nothing more.
            """,
            "## With the programs of e-Cabinet",
            shell(
                "ecabinet verify \(folder) --key 'KEY'\nscripts/verify-minutes \(folder) --key 'KEY'"
            ),
            """
            The first makes every file anew from the log and compares; the second is a program in Python that \
            shares no code with it and calls openssl.
            """,
            "## With common tools alone",
            """
            On Debian: `apt install openssl python3`. Run the steps in this folder, one after the other in one \
            shell. Each ends with an error where something is wrong.
            """,
            "1. The files are those that were written. (Anybody can write a manifest: this finds accidents.)",
            shell(ReadmeCommands.files),
            "2. The checkpoint is signed by the log. Put in the key that you have from the operator.",
            shell(ReadmeCommands.key), shell(ReadmeCommands.checkpoint),
            "3. The entries are those that the checkpoint was signed for (RFC 6962, section 2.1).",
            shell(ReadmeCommands.entries),
            "4. Each ballot is signed with the key beside it.",
            shell(ReadmeCommands.ballots),
            """
            5. Each ballot is in the log, by a key on the roll, on this motion and this roll; and the ballots \
            that count add up to the result.
            """,
            shell(ReadmeCommands.count),
            "## What this proves, and what it does not",
            """
            - It proves that the log says this, that the installation signed it, and that each ballot shown \
            was signed by the key that the roll names for its member.
            - The two programs above also decide the rest of the log once more: that nobody voted who was not \
            on the roll, that no ballot that was cast is left out of the count, that quorum and rule lead to \
            the verdict.
            - It does not prove whose a key is. Compare the keys on the rolls with those that the members \
            have; `certificates/` says who was certified, and `openssl verify -CAfile ca.pem` by whom.
            - It does not prove that there is no other log: whoever has the key of the log can sign two. A \
            member's receipt, and any checkpoint that somebody kept, tell.
            - It does not prove what is not in the log: documents are named by their SHA-256 and kept \
            elsewhere.
            - `minutes.html`, `meeting.json` and this file are words about the log. Only `ecabinet verify` \
            makes them anew and compares.
            """,
        ]
    }

    // MARK: - Vietnamese

    private var vietnamese: [String] {
        [
            "# Biên bản phiên họp: \(written(record.meeting.title.value))",
            """
            Phiên họp `\(record.log.meeting)`, nhật ký \(written(record.log.origin.text)). Trang để đọc là `minutes.html`. \
            Mọi nội dung trong thư mục này được lập từ nhật ký của phiên họp; toàn bộ nhật ký ở trong \
            `ledger/`, với từng lá phiếu đúng như thành viên đã ký.
            """,
            """
            **Ai được nhận thư mục này.** `ledger/` cho biết mọi lá phiếu, kể cả phiếu của những lần biểu \
            quyết đã bị hủy và phiếu đã được thay thế, là những phiếu không công bố tại phiên họp. Chỉ chuyển \
            thư mục cho người được phép biết điều đó. Các tệp khác chỉ cho biết những gì đã công bố cho các \
            thành viên của phiên họp.
            """,
            """
            | tệp | nội dung |
            |---|---|
            | `minutes.html`, `meeting.json` | phiên họp, cho người đọc và cho chương trình |
            | `polls/ID/result.json` | quy tắc, danh sách, kết quả và giải thích |
            | `polls/ID/motion.hashed`, `roll.hashed` | dữ liệu có SHA-256 được ghi trong mỗi lá phiếu |
            | `polls/ID/ballots/` | từng lá phiếu: nội dung đã ký, chữ ký, khóa công khai |
            | `certificates/` | chứng thư của những người có phiếu được nêu, đặt tên theo SHA-256 |
            | `ledger/meeting.cabinet-log`, `entries.jsonl` | nhật ký, dạng một tệp và dạng các dòng JSON |
            | `ledger/checkpoint.txt` | điều nhật ký đã ký: số mục và giá trị băm gốc |
            | `ledger/log-key.vkey` | khóa của nhật ký theo chính nhật ký; xem dưới đây |
            | `manifest`, `bundle.json` | giá trị băm của các tệp; định dạng, ngôn ngữ và múi giờ |
            """,
            "## Khóa cần có",
            """
            Khóa của nhật ký phải đến với bạn bằng đường khác với thư mục này: đơn vị vận hành hệ thống công \
            bố khóa trong một dòng, `log-key.vkey`. Ai bịa ra một phiên họp thì cũng tự tạo khóa cho nó và đặt \
            vào `ledger/log-key.vkey`. Dùng khóa đó bạn chỉ biết rằng thư mục không tự mâu thuẫn, ngoài ra \
            không biết gì hơn.
            """,
            "## Bằng các chương trình của e-Cabinet",
            shell(
                "ecabinet verify \(folder) --key 'KEY'\nscripts/verify-minutes \(folder) --key 'KEY'"
            ),
            """
            Chương trình thứ nhất lập lại từng tệp từ nhật ký và so sánh; chương trình thứ hai viết bằng \
            Python, không dùng chung mã với chương trình thứ nhất và gọi openssl.
            """,
            "## Chỉ bằng các công cụ thông dụng",
            """
            Trên Debian: `apt install openssl python3`. Chạy các bước trong thư mục này, lần lượt, trong cùng \
            một shell. Mỗi bước dừng với thông báo lỗi nếu có sai sót.
            """,
            """
            1. Các tệp đúng là những tệp đã được ghi. (Ai cũng có thể viết một manifest: bước này chỉ phát \
            hiện hư hỏng ngẫu nhiên.)
            """,
            shell(ReadmeCommands.files),
            "2. Checkpoint được nhật ký ký. Điền khóa nhận được từ đơn vị vận hành.",
            shell(ReadmeCommands.key), shell(ReadmeCommands.checkpoint),
            "3. Các mục đúng là những mục mà checkpoint đã ký (RFC 6962, mục 2.1).",
            shell(ReadmeCommands.entries),
            "4. Từng lá phiếu được ký bằng khóa đặt bên cạnh.",
            shell(ReadmeCommands.ballots),
            """
            5. Từng lá phiếu có trong nhật ký, được ký bằng khóa có trong danh sách, cho đúng nội dung và danh \
            sách này; tổng các phiếu được tính đúng bằng kết quả.
            """,
            shell(ReadmeCommands.count),
            "## Điều được chứng minh, và điều không được chứng minh",
            """
            - Chứng minh rằng nhật ký ghi như vậy, rằng hệ thống đã ký nhật ký, và mỗi lá phiếu được nêu đã \
            được ký bằng khóa mà danh sách ghi cho thành viên đó.
            - Hai chương trình nêu trên còn xét lại phần còn lại của nhật ký: không ai ngoài danh sách bỏ \
            phiếu, không lá phiếu nào bị bỏ sót khi kiểm phiếu, số thành viên tham dự và quy tắc dẫn đến \
            đúng kết quả.
            - Không chứng minh khóa là của ai. Hãy so sánh các khóa trong danh sách với khóa của các thành \
            viên; `certificates/` cho biết ai được chứng thực, và `openssl verify -CAfile ca.pem` cho biết bởi \
            ai.
            - Không chứng minh rằng không có nhật ký khác: ai giữ khóa của nhật ký có thể ký hai nhật ký. Biên \
            nhận của thành viên, và mọi checkpoint được lưu lại, sẽ cho thấy điều đó.
            - Không chứng minh những gì không có trong nhật ký: tài liệu chỉ được nêu bằng SHA-256 và được lưu \
            ở nơi khác.
            - `minutes.html`, `meeting.json` và tệp này là lời diễn đạt nhật ký. Chỉ `ecabinet verify` lập lại \
            chúng và so sánh.
            """,
        ]
    }
}
