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
            shell(ReadmeCommands.key),
            """
            All commands below are for a shell in this folder, after that line. Whoever makes up a folder can \
            make up this file with it: take the commands from minutes that you trust, or from the sources of \
            e-Cabinet.
            """,
            "## With the programs of e-Cabinet",
            shell(ReadmeCommands.programs),
            """
            The first decides every command of the log once more, makes every file anew from it and compares. \
            The second is a program in Python that shares no code with it and calls openssl; `SOURCES` is the \
            folder with the sources of e-Cabinet.
            """,
            "## With common tools alone",
            """
            On Debian: `apt install openssl python3`. Run the steps one after the other in one shell. Each \
            ends with an error where something is wrong.
            """,
            """
            1. The files are those that were written, and no others are there. (Anybody can write a manifest: \
            this finds accidents.)
            """,
            shell(ReadmeCommands.files),
            "2. The checkpoint is signed by the log.",
            shell(ReadmeCommands.checkpoint),
            "3. The entries are those that the checkpoint was signed for (RFC 6962, section 2.1).",
            shell(ReadmeCommands.entries),
            "4. Each ballot is signed with the key beside it.",
            shell(ReadmeCommands.ballots),
            """
            5. The files say what the entries say: each motion, rule and roll, who the people are, when what \
            was, who attended; which ballots there are and which of them count, each by a key on the roll, on \
            this motion and this roll. Quorum, number needed and verdict are counted anew.
            """,
            shell(ReadmeCommands.meeting),
            "## What this proves, and what it does not",
            """
            - All three ways prove that the installation signed this log; that each ballot shown was signed by \
            the key that the roll names for its member; and that motions, rules, rolls, ballots, counts and \
            verdicts, people, attendance and times in `polls/` and `meeting.json` are those of the log.
            - The steps above do not verify the signatures of ballots that are not shown, which count for \
            nothing: those that were replaced, and those of voided polls. Both programs do.
            - Only `ecabinet verify` also decides whether each command was permitted: who may open a meeting \
            or a poll, when a poll may be opened, and what else the rules of a meeting say.
            - `minutes.html`, this file and the sentences under `explanation` are words about the log, and in \
            `meeting.json` people of the same rank are listed by name. Only `ecabinet verify` compares that. \
            The steps above do not compare agenda and course in `meeting.json` either, nor what stands beside \
            `bytes` in `entries.jsonl`, nor `bundle.json`; `verify-minutes` does.
            - It does not prove whose a key is. Compare the keys on the rolls with those that the members \
            have; `certificates/` says who was certified, and `openssl verify -CAfile ca.pem` by whom.
            - It does not prove that there is no other log: whoever has the key of the log can sign two. A \
            member's receipt, and any checkpoint that somebody kept, tell.
            - It does not prove when anything was: the times are those of the server's clock.
            - It does not prove what is not in the log: documents are named by their SHA-256 and kept \
            elsewhere.
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
            shell(ReadmeCommands.key),
            """
            Mọi lệnh dưới đây chạy trong một shell tại thư mục này, sau dòng trên. Ai bịa ra thư mục thì cũng \
            bịa được tệp này: hãy lấy các lệnh từ biên bản mà bạn tin, hoặc từ mã nguồn của e-Cabinet.
            """,
            "## Bằng các chương trình của e-Cabinet",
            shell(ReadmeCommands.programs),
            """
            Chương trình thứ nhất xét lại từng lệnh của nhật ký, lập lại từng tệp từ nhật ký và so sánh. \
            Chương trình thứ hai viết bằng Python, không dùng chung mã với chương trình thứ nhất và gọi \
            openssl; `SOURCES` là thư mục mã nguồn của e-Cabinet.
            """,
            "## Chỉ bằng các công cụ thông dụng",
            """
            Trên Debian: `apt install openssl python3`. Chạy lần lượt các bước trong cùng một shell. Mỗi bước \
            dừng với thông báo lỗi nếu có sai sót.
            """,
            """
            1. Các tệp đúng là những tệp đã được ghi, và không có tệp nào khác. (Ai cũng có thể viết một \
            manifest: bước này chỉ phát hiện hư hỏng ngẫu nhiên.)
            """,
            shell(ReadmeCommands.files),
            "2. Checkpoint được nhật ký ký.",
            shell(ReadmeCommands.checkpoint),
            "3. Các mục đúng là những mục mà checkpoint đã ký (RFC 6962, mục 2.1).",
            shell(ReadmeCommands.entries),
            "4. Từng lá phiếu được ký bằng khóa đặt bên cạnh.",
            shell(ReadmeCommands.ballots),
            """
            5. Các tệp ghi đúng như các mục của nhật ký: từng nội dung biểu quyết, quy tắc và danh sách; có \
            những ai, việc gì xảy ra khi nào, ai có mặt; có những lá phiếu nào và lá phiếu nào được tính, được \
            ký bằng khóa có trong danh sách, cho đúng nội dung và danh sách này. Túc số, số phiếu cần có và \
            kết quả được tính lại.
            """,
            shell(ReadmeCommands.meeting),
            "## Điều được chứng minh, và điều không được chứng minh",
            """
            - Cả ba cách đều chứng minh rằng hệ thống đã ký nhật ký này; rằng mỗi lá phiếu được nêu đã được ký \
            bằng khóa mà danh sách ghi cho thành viên đó; và rằng nội dung, quy tắc, danh sách, phiếu, số phiếu \
            và kết quả, những người tham dự, việc điểm danh và thời điểm trong `polls/` và `meeting.json` đúng \
            như trong nhật ký.
            - Các bước nêu trên không kiểm tra chữ ký của những lá phiếu không được nêu và không được tính: \
            phiếu đã được thay thế và phiếu của lần biểu quyết đã bị hủy. Cả hai chương trình đều kiểm tra.
            - Chỉ `ecabinet verify` còn xét xem từng lệnh có được phép không: ai được khai mạc phiên họp hay \
            mở biểu quyết, khi nào được mở, và các quy tắc khác của phiên họp.
            - `minutes.html`, tệp này và các câu trong `explanation` là lời diễn đạt nhật ký; trong \
            `meeting.json` những người cùng hạng được xếp theo tên. Chỉ `ecabinet verify` so sánh những điều \
            đó. Các bước nêu trên cũng không so sánh chương trình và diễn biến trong `meeting.json`, những gì \
            đứng cạnh `bytes` trong `entries.jsonl`, và `bundle.json`; `verify-minutes` có so sánh.
            - Không chứng minh khóa là của ai. Hãy so sánh các khóa trong danh sách với khóa của các thành \
            viên; `certificates/` cho biết ai được chứng thực, và `openssl verify -CAfile ca.pem` cho biết bởi \
            ai.
            - Không chứng minh rằng không có nhật ký khác: ai giữ khóa của nhật ký có thể ký hai nhật ký. Biên \
            nhận của thành viên, và mọi checkpoint được lưu lại, sẽ cho thấy điều đó.
            - Không chứng minh việc gì đã xảy ra khi nào: thời điểm là của đồng hồ máy chủ.
            - Không chứng minh những gì không có trong nhật ký: tài liệu chỉ được nêu bằng SHA-256 và được lưu \
            ở nơi khác.
            """,
        ]
    }
}
