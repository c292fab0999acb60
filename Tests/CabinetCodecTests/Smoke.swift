import CabinetAPI
import CabinetCodec
import FixtureAPI
import Testing

@Test func smoke() throws {
    var s = Scalars()
    s.aString = "héllo\0x, and a long one to be referenced"
    s.someBytes = [1, 2, 3]
    s.aColor = .blue
    s.aSint32 = -5
    let back = try Scalars(serialized: s.serialized())
    #expect(back == s)
    let c = Choices(before: "x", choice: .scalars(s), between: 3, otherChoice: .self_("me"))
    #expect(try Choices(serialized: c.serialized()) == c)
}
