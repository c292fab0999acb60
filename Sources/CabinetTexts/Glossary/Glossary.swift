/// The words of this field in both languages: for one thing there is one word, in every text that a member or a
/// secretary reads. A test looks through all Vietnamese texts of the project for the words that were not chosen.
///
/// Tone marks stand where the older spelling has them, on the first of two vowels: «khóa», «hủy», «chủ tọa».
public enum Glossary {
    public struct Term: Hashable, Sendable {
        public let english: String
        public let vietnamese: String
        /// Words that might stand for it, and do not.
        public let rejected: [String]

        init(_ english: String, _ vietnamese: String, not rejected: String...) {
            self.english = english
            self.vietnamese = vietnamese
            self.rejected = rejected
        }
    }

    /// In the order of the English words.
    public static let terms: [Term] = [
        Term("administrator", "quản trị viên"),
        Term("agenda", "chương trình họp"),
        Term("auditor", "kiểm toán viên", not: "kiểm soát viên", "người kiểm tra"),
        Term("ballot", "phiếu", not: "lá phiếu"),
        Term("certificate", "chứng thư", not: "chứng chỉ"),
        Term("chair", "chủ tọa", not: "chủ toạ", "chủ trì"),
        Term("checkpoint", "mốc ký", not: "điểm kiểm tra"),
        Term("device", "thiết bị"),
        Term("digest", "mã băm", not: "giá trị băm"),
        Term("entry", "mục nhật ký", not: "bản ghi"),
        Term("guest", "khách mời", not: "đại biểu mời dự"),
        Term("journal of ballots", "sổ phiếu", not: "nhật ký phiếu"),
        Term("key", "khóa", not: "khoá"),
        Term("log", "nhật ký", not: "sổ cái", "nhật kí"),
        Term("meeting", "phiên họp", not: "cuộc họp"),
        Term("member", "thành viên", not: "đại biểu"),
        Term("minutes", "biên bản"),
        Term("operator", "người vận hành"),
        Term("poll", "cuộc biểu quyết", not: "cuộc bỏ phiếu"),
        Term("profile", "hồ sơ"),
        Term("quorum", "túc số"),
        Term("receipt", "biên nhận", not: "biên lai"),
        Term("remove", "xóa", not: "xoá"),
        Term("revoke", "thu hồi"),
        Term("roll", "danh sách biểu quyết"),
        Term("secretary", "thư ký", not: "thư kí"),
        Term("server", "máy chủ"),
        Term("signature", "chữ ký", not: "chữ kí"),
        Term("verify", "xác minh", not: "kiểm chứng", "thẩm tra"),
        Term("void", "hủy", not: "huỷ"),
    ]
}
