import CabinetMinutes
import CabinetModel
import CabinetTexts
import Foundation
import LogTestSupport
import ModelTestSupport
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite struct PageTests {
    private func page(_ language: Language) throws -> String {
        let bundle = try MinutesBundle(
            of: SampleMeeting.log,
            key: SampleMeeting.key,
            options: MinutesOptions(language: language)
        )
        let file = try #require(bundle.files.first { $0.path.text == "minutes.html" })
        return try #require(String(validating: file.bytes, as: UTF8.self))
    }

    @Test("Nothing that somebody wrote becomes markup", arguments: Language.allCases)
    func escaped(_ language: Language) throws {
        let page = try page(language)
        #expect(!page.contains("<script"))
        #expect(!page.contains("<i>"))
        #expect(!page.contains("sai <nội"))
        #expect(page.contains("<bdi>Nguyễn Thị &lt;b&gt;Ánh&lt;/b&gt;</bdi>"))
        #expect(page.contains("<bdi>Trần &amp; Con &quot;\u{202e}gnôĐ&quot;</bdi>"))
        #expect(page.contains("<bdi>Lê O&#39;Đức</bdi>"))
        #expect(page.contains("<bdi>sai &lt;nội dung&gt;</bdi>"))
    }

    @Test(
        "The page is well-formed, and needs nothing from anywhere",
        arguments: Language.allCases
    )
    func selfContained(_ language: Language) throws {
        let page = try page(language)
        for word in [
            "src=", "http://", "https://", "url(", "@import", "<link", "<img", "javascript:",
        ] {
            #expect(!page.contains(word), "\(word)")
        }
        #expect(page.hasPrefix("<!DOCTYPE html>\n<html lang=\"\(language.rawValue)\">"))
        // Its elements are closed in their order, as XML wants it: only those without content are not.
        let xml = page.replacing("<!DOCTYPE html>\n", with: "").replacing(
            #/<meta [^>]*>/#,
            with: ""
        )
        let parser = XMLParser(data: Data(xml.utf8))
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
    }

    @Test("The page is in Vietnamese, as minutes of the Government are written")
    func vietnamese() throws {
        let page = try page(.vietnamese)
        for text in [
            "Biên bản phiên họp", "Thành phần tham dự", "Chương trình phiên họp", "Biểu quyết",
            "Diễn biến phiên họp", "09:01:00, ngày 24 tháng 6 năm 2019", "Vắng mặt có phép",
            "7 thành viên: 4 tại phòng họp, 1 tham dự từ xa, 2 không tham dự.", "CHỦ TỌA",
            "UTC+07:00",
            "Được thông qua: đạt số phiếu tán thành cần thiết.",
            "Không được thông qua: số phiếu ngang nhau; theo ý kiến của chủ tọa sau khi kết thúc "
                + "biểu quyết: không tán thành.",
            "Cần quá 1/2 tổng số thành viên (8), tức là 5; tán thành 5.",
        ] {
            #expect(page.contains(text), "\(text)")
        }
    }

    @Test("The page is in English")
    func english() throws {
        let page = try page(.english)
        for text in [
            "Minutes of the meeting", "Participants", "Agenda", "Polls", "Course of the meeting",
            "09:01:00, 24 June 2019", "On leave",
            "7 members: 4 in the room, 1 remote, 2 did not attend.", "CHAIR",
            "Carried: those in favour reached the number needed.",
            "Not carried: a tie, which the chair decided after the close: against.",
            "Needed: more than 1/2 of all members (8), which is 5; in favour 5.",
            "Quorum 5 of 7: present 5 (4 in the room, 1 remote)",
        ] {
            #expect(page.contains(text), "\(text)")
        }
        #expect(!page.contains("thành viên"))
    }

    @Test("Of a poll without a verdict the page says nothing of how anybody voted")
    func voided() throws {
        let page = try page(.english)
        let start = try #require(page.firstRange(of: "id=\"poll-voided\""))
        let rest = page[start.upperBound...]
        let end = try #require(rest.firstRange(of: "</article>"))
        let article = rest[..<end.lowerBound]
        #expect(article.contains("The poll was voided"))
        #expect(!article.contains("Against"))
        #expect(!article.contains("Remote"))
    }
}
