import CabinetTexts
import Testing

@Suite struct LanguageTests {
    @Test(arguments: [
        ("vi", Language.vietnamese), ("VI", .vietnamese), ("vi_VN.UTF-8", .vietnamese),
        ("vi-VN", .vietnamese), ("vi@latin", .vietnamese), ("en", .english), ("en_GB", .english),
        ("de_DE.UTF-8", nil), ("C", nil), ("", nil), ("vietnamese", nil),
    ])
    func aCodeNamesALanguage(code: String, language: Language?) {
        #expect(Language(code: code) == language)
    }

    @Test(arguments: [
        ([:], Language.english),
        (["LANG": "vi_VN.UTF-8"], .vietnamese),
        (["LANG": "vi_VN.UTF-8", "LC_ALL": "en_US.UTF-8"], .english),
        (["LANG": "vi_VN.UTF-8", "LC_ALL": "C"], .english),
        (["LANG": "en_US.UTF-8", "LC_MESSAGES": "vi_VN"], .vietnamese),
        (["LANG": "vi_VN", "LC_MESSAGES": "", "LC_ALL": ""], .vietnamese),
        (["LANG": "fr_FR.UTF-8"], .english),
    ])
    func theFirstVariableThatIsSetDecides(environment: [String: String], language: Language) {
        #expect(Language(environment: environment) == language)
    }

    @Test(arguments: [
        (0, "0", "0"), (999, "999", "999"), (1_000, "1.000", "1,000"),
        (1_234_567, "1.234.567", "1,234,567"), (-12_345, "-12.345", "-12,345"),
    ])
    func numbersAreGroupedAsTheLanguageDoes(number: Int, vietnamese: String, english: String) {
        #expect(Language.vietnamese.number(number) == vietnamese)
        #expect(Language.english.number(number) == english)
    }

    @Test(arguments: [
        (-5, "0:00"), (0, "0:00"), (59, "0:59"), (245, "4:05"), (3_723, "1:02:03"),
        (86_400, "24:00:00"),
    ])
    func spansAreShownAsAClockShowsThem(seconds: Int64, text: String) {
        #expect(Language.english.clock(seconds: seconds) == text)
    }

    @Test(arguments: [
        ([:], true), (["LANG": "vi_VN.UTF-8"], true), (["LANG": "vi_VN.utf8"], true),
        (["LANG": "vi_VN"], true), (["LANG": "C"], false), (["LANG": "C.UTF-8"], true),
        (["LANG": "vi_VN.UTF-8", "LC_ALL": "POSIX"], false),
        (["LANG": "C", "LC_CTYPE": "en_US.UTF-8"], true),
        (["LANG": "de_DE.ISO-8859-1"], false), (["LANG": "de_DE@euro"], true),
    ])
    func theLocaleSaysWhetherATerminalShowsUTF8(environment: [String: String], isUTF8: Bool) {
        #expect(TerminalEncoding.isUTF8(environment: environment) == isUTF8)
    }
}
