import CabinetBoard
import CabinetClient
import CabinetModel
import CabinetTexts
import ModelTestSupport
import Testing

@Suite struct BoardTests {
    private static func lines(
        _ scene: BoardScene,
        _ language: Language = .english,
        columns: Int = 80,
        rows: Int = 24,
        hasUnicode: Bool = true
    ) -> [BoardLine] {
        let format = BoardFormat(
            size: TerminalSize(columns: columns, rows: rows),
            language: language,
            zone: .vietnam,
            hasUnicode: hasUnicode
        )
        return Board(scene, format).lines
    }

    /// The spans with a tone, together.
    private static func text(_ lines: [BoardLine], _ tone: Tone) -> String {
        lines.flatMap(\.spans).filter { $0.tone == tone }.map(\.text).joined()
    }

    @Test func theBoardFitsIntoEveryTerminal() throws {
        let session = try Cabinet.voting()
        let connected = Cabinet.connected(session, butFor: ["m3"])
        let scenes = [
            session.scene(connected: connected), try Cabinet.decided().scene(),
            try Cabinet.scheduled().scene(condition: Instants.offline),
            BoardScene(
                meeting: Session.id,
                state: nil,
                condition: Instants.offline,
                now: .at(1),
                instant: Instants.start
            ),
        ]
        for scene in scenes {
            for columns in [1, 2, 3, 7, 20, 39, 79, 80, 131, 240] {
                for rows in [1, 2, 3, 5, 9, 15, 24, 61] {
                    for language in Language.allCases {
                        let lines = Self.lines(scene, language, columns: columns, rows: rows)
                        #expect(lines.count == rows)
                        for line in lines {
                            #expect(line.width <= columns, "\(columns)x\(rows): \(line.text)")
                        }
                    }
                }
            }
        }
    }

    @Test func sixHundredMembersHaveASeatEach() throws {
        let session = try Cabinet.voting(.nothing, ballots: 250, (1...600).map { "Member \($0)" })
        for (columns, rows) in [(80, 24), (100, 30), (250, 70)] {
            let lines = Self.lines(session.scene(.members), columns: columns, rows: rows)
            let seats = lines.dropLast().filter { !$0.text.hasPrefix(" ") }
            #expect(Self.text(seats, .lit).count { $0 == "■" } == 250)
            #expect(seats.map(\.text).joined().count { $0 == "□" } == 348)
        }
    }

    @Test func aTerminalWithoutUTF8GetsASCIIAlone() throws {
        let session = try Cabinet.voting()
        let lines = Self.lines(
            session.scene(connected: Cabinet.connected(session, butFor: ["m3"])),
            .vietnamese,
            hasUnicode: false
        )
        for line in lines { #expect(line.text.utf8.allSatisfy { (0x20...0x7e).contains($0) }) }
        #expect(lines.first?.text.hasPrefix(" Phien hop Chinh phu") == true)
    }

    @Test func theNormalisationFormOfNamesMakesNoDifference() throws {
        let decomposed = GoldenBoardTests.persons
        let composed = [
            "Nguyễn Thị Ánh Tuyết", "Lê Văn Đức", "Phạm Thúy Ăn", "Trần Quốc Ân", "Đặng Bình",
            "Hồ Xuân Hương", "Võ Thị Sáu", "Lý Thường Kiệt",
        ]
        for columns in [40, 60, 80] {
            let lines = try [decomposed, composed].map { names in
                Self.lines(
                    try Cabinet.voting(.named, ballots: 3, names, asPersons: true).scene(),
                    columns: columns
                )
            }
            #expect(lines[0].map(\.text) == lines[1].map(\.text))
            #expect(lines[0].map(\.width) == lines[1].map(\.width))
        }
    }

    // MARK: - What an audience may see

    @Test func namedBallotsLightUpByChoice() throws {
        let lines = Self.lines(try Cabinet.voting(.named).scene(.display))
        let seats = lines.dropLast()
        #expect(Self.text(Array(seats), .good).contains("●"))
        #expect(Self.text(Array(seats), .bad).contains("×"))
        #expect(Self.text(Array(seats), .warning).contains("◇"))
    }

    @Test func hiddenBallotsLightUpWithoutTheirChoice() throws {
        let lines = Self.lines(try Cabinet.voting(.nothing).scene(.members))
        let text = lines.map(\.text).joined(separator: "\n")
        #expect(Self.text(Array(lines.dropLast()), .lit).count { $0 == "■" } == 13)
        #expect(!text.contains("×") && !text.contains("◇"))
        #expect(!text.contains("of 14 needed") && !text.contains("In favour"))
        #expect(text.contains("13 of 27 have voted"))
        #expect(text.contains("The counts are shown after the close"))
    }

    @Test func countsShowNobodysSeat() throws {
        let lines = Self.lines(try Cabinet.voting(.counts).scene(.secretariat))
        let text = lines.map(\.text).joined(separator: "\n")
        #expect(text.contains("11 of 14 needed"))
        #expect(!text.contains("■") && !text.contains("×") && !text.contains("◇"))
    }

    @Test func theChairSeesWhoCouldVoteNowApartFromWhoseLinkIsLost() throws {
        let session = try Cabinet.voting()
        let connected = Cabinet.connected(session, butFor: ["m3", "m20", "m23"])
        let lines = Self.lines(session.scene(connected: connected), columns: 200, rows: 50)
            .map(\.text)
        let waiting = try #require(lines.first { $0.contains("Not voted, connected") })
        let lost = try #require(lines.first { $0.contains("Not voted, link lost") })
        let away = try #require(lines.first { $0.contains("Not voted, away") })
        // Of m14 to m25 all but m20 and m23; m3 has voted.
        #expect(waiting.contains("(10): …Nông nghiệp"))
        #expect(lost.contains("(2): Bộ trưởng Bộ Văn hóa, Thể thao và Du lịch, Bộ trưởng Bộ Y tế"))
        #expect(away.contains("(2): "))
    }

    @Test func whereCountsAloneAreShownTheChairSeesWhoseLinkIsLostAndNotWhoHasVoted() throws {
        let session = try Cabinet.voting(.counts)
        let connected = Cabinet.connected(session, butFor: ["m3", "m20"])
        let lines = Self.lines(session.scene(connected: connected), columns: 200, rows: 50)
            .map(\.text)
        #expect(lines.contains { $0.hasPrefix(" Link lost (2): ") })
        #expect(!lines.contains { $0.contains("Not voted,") })
    }

    @Test func membersAreNotShownTheChairsView() throws {
        let session = try Cabinet.voting()
        let lines = Self.lines(
            session.scene(.members, connected: Cabinet.connected(session)),
            columns: 200,
            rows: 50
        )
        #expect(!lines.contains { $0.text.contains("Not voted,") })
    }

    // MARK: - Time and link

    @Test(arguments: [
        (0, "5:00 left"), (1, "4:59 left"), (299, "0:01 left"), (300, "time is over"),
        (4_000, "time is over"),
    ])
    func theTimeThatIsLeftIsShown(seconds: Int64, text: String) throws {
        let lines = Self.lines(try Cabinet.voting(ballots: 0).scene(secondsLater: seconds))
        #expect(lines.contains { $0.text.contains(text) })
    }

    @Test func aHeldPollShowsTheTimeThatItHad() throws {
        var session = try Cabinet.voting(ballots: 2)
        session.clock += 100_000
        try session.run(.holdPoll(Cabinet.poll), by: "m1")
        let lines = Self.lines(session.scene(secondsLater: 1_000))
        #expect(lines.contains { $0.text.contains("on hold") && $0.text.contains("3:20 left") })
    }

    @Test func aLostLinkIsSaidWithItsTimeAndWhatIsShownIsSaidToBeOld() throws {
        let scene = try Cabinet.voting().scene(condition: Instants.offline, secondsLater: 102)
        let lines = Self.lines(scene)
        #expect(lines[0].text.hasSuffix(" ○ offline for 1:42 "))
        #expect(Self.text(lines, .alarm).contains("from before the link was lost"))
        // The poll is there all the same.
        #expect(lines.contains { $0.text.contains("11 of 14 needed") })
    }

    @Test func whatAServerSendsReachesNoTerminalAsACommand() throws {
        let names = (1...27).map { "\u{202e}Bộ \u{200b}số \($0)\u{2066}" }
        let session = try Cabinet.voting(.named, ballots: 5, names)
        for hasUnicode in [true, false] {
            for line in Self.lines(session.scene(), columns: 120, rows: 40, hasUnicode: hasUnicode)
            {
                for scalar in line.text.unicodeScalars {
                    #expect(!scalar.properties.isDefaultIgnorableCodePoint)
                    #expect(scalar.properties.generalCategory != .control)
                }
            }
        }
    }
}
