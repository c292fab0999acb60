import CabinetTexts

extension Language {
    /// A number with a noun, which in English follows the number: «1 member», «2 members».
    func count(_ number: Int, vi: String, one: String, many: String) -> String {
        self.number(number) + " " + text(vi: vi, en: number == 1 ? one : many)
    }
}
