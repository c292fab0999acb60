import CabinetLedger
import CabinetModel
import ModelTestSupport
import Testing

@testable import CabinetServer

/// Ballots that come again when much has changed since they were counted.
@Suite struct ResentBallotTests {
    @Test(
        "A ballot that counts gets its receipt when its certificate has expired and its key is revoked"
    )
    func expiredAndRevoked() throws {
        let chamber = try Chamber()
        try chamber.openPoll()
        let ballot = try chamber.ballot(2, .vote(.yes, 1), id: 1)
        let late = try chamber.ballot(3, .vote(.no, 1), id: 2)
        let receipt = try chamber.cast(ballot)
        chamber.clock = Chamber.lastMoment + 1_000
        #expect(try chamber.cast(ballot) == receipt)
        let (order, reply) = chamber.order(late)
        try chamber.process([order])
        #expect(reply.reason == "CERTIFICATE_INVALID")
        try chamber.direct(.revokeCertificate("m2", Chamber.fingerprint(2), reason: "mất thẻ"))
        #expect(try chamber.cast(ballot).entry == receipt.entry)
        #expect(try chamber.storedBallots() == [ballot])
    }

    @Test("A certificate is valid to the end of its last second")
    func lastSecond() throws {
        let chamber = try Chamber()
        try chamber.openPoll()
        let ballot = try chamber.ballot(2, .vote(.yes, 1), id: 1)
        // The batch is a millisecond later.
        chamber.clock = Chamber.lastMoment + 998
        try chamber.expect(chamber.cast(ballot), isOf: ballot)
    }

    @Test("A member that was removed gets the receipts of its ballots, and learns nothing else")
    func removedMember() throws {
        let chamber = try Chamber()
        try chamber.openPoll()
        let ballot = try chamber.ballot(2, .vote(.yes, 1), id: 1)
        let receipt = try chamber.cast(ballot)
        _ = try chamber.cast(chamber.ballot(3, .vote(.yes, 1), id: 2))
        let unsent = try chamber.ballot(2, .vote(.yes, 2), id: 3)
        let guessed = try chamber.ballot(2, .vote(.yes, 2), id: 2)
        try chamber.give(.closePoll("poll"), by: "m1")
        try chamber.give(.checkOut("m2"))
        try chamber.give(.removeParticipant("m2"))
        #expect(try chamber.cast(ballot).entry == receipt.entry)
        for (ballot, carrier) in [
            (unsent, "m2" as PrincipalID), (guessed, "m2"), (ballot, "stranger"),
        ] {
            let (order, reply) = chamber.order(ballot, carriedBy: carrier)
            try chamber.process([order])
            #expect(reply.reason == "MEETING_NOT_FOUND")
        }
    }
}
