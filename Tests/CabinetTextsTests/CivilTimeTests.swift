import CabinetModel
import CabinetTexts
import ModelTestSupport
import Testing

@Suite struct CivilTimeTests {
    @Test(arguments: [
        // The first session of the e-Cabinet, in Ha Noi.
        (1_561_343_405, CivilZone.vietnam, "2019-06-24T09:30:05+07:00"),
        (1_561_343_405, .utc, "2019-06-24T02:30:05Z"),
        // The day before a leap day's, the leap day, and the one after it.
        (951_782_399, .utc, "2000-02-28T23:59:59Z"), (951_782_400, .utc, "2000-02-29T00:00:00Z"),
        (951_868_800, .utc, "2000-03-01T00:00:00Z"),
        // 2100 is no leap year.
        (4_107_542_400, .utc, "2100-03-01T00:00:00Z"),
        // The first second that a moment can have, west of Greenwich.
        (1, CivilZone { _ in -18_000 }, "1969-12-31T19:00:01-05:00"),
        (1, CivilZone { _ in 20_700 }, "1970-01-01T05:45:01+05:45"),
        (253_402_300_799, .utc, "9999-12-31T23:59:59Z"),
    ])
    func programsReadISO8601(seconds: Int64, zone: CivilZone, text: String) {
        #expect(CivilTime(.at(seconds * 1_000), in: zone).iso8601 == text)
    }

    @Test func peopleReadTheirOwnOrder() {
        let time = CivilTime(.at(1_561_343_405_000), in: .vietnam)
        #expect(time.text(in: .vietnamese) == "09:30 ngày 24/6/2019")
        #expect(time.text(in: .english) == "24 June 2019, 09:30")
        #expect(time.clockWithSeconds == "09:30:05")
    }

    @Test func theLastMomentAndAZoneWithoutSenseAreNoTrap() {
        let time = CivilTime(.at(.max), in: CivilZone { _ in .max })
        #expect(time.month >= 1 && time.month <= 12)
        #expect(time.day >= 1 && time.day <= 31)
    }
}
