import CabinetModel
import ModelTestSupport
import Testing

/// One command of each kind, by the name of its case, that would be accepted or refused for another
/// reason than who gives it.
func oneOfEach(_ session: Session) -> [(name: String, command: Command)] {
    let item = SetAgendaItem("item", title: "Item")
    return [
        ("admitParticipants", .admitParticipants([.of([.guest], "new")])),
        ("removeParticipant", .removeParticipant("guest")),
        ("recordLeave", .recordLeave("guest")),
        ("recordAbsence", .recordAbsence("guest")),
        ("openMeeting", .openMeeting),
        ("startRecess", .startRecess),
        ("resumeMeeting", .resumeMeeting),
        ("adjournMeeting", .adjournMeeting),
        ("setAgendaItem", .setAgendaItem(item)),
        ("removeAgendaItem", .removeAgendaItem("item")),
        ("moveToAgendaItem", .moveToAgendaItem("item", leaving: nil)),
        ("createPoll", .createPoll(CreatePoll("new", agendaItem: "item", motion: .saying("yes")))),
        ("openPoll", session.openPollCommand("poll")),
        ("holdPoll", .holdPoll("poll")),
        ("resumePoll", .resumePoll("poll")),
        ("closePoll", .closePoll("poll")),
        ("voidPoll", .voidPoll("poll", reason: "wrong")),
        ("checkInSelf", .checkIn(nil, from: .room)),
        ("checkInOther", .checkIn("other", from: .room)),
        ("checkOutSelf", .checkOut(nil)),
        ("checkOutOther", .checkOut("other")),
        ("castBallot", .castBallot(session.ballot("m1", .vote(.yes, 1)))),
        ("decideTie", .decideTie(session.ballot("m1", .tie(.yes)))),
        (
            "scheduleMeeting",
            .scheduleMeeting(
                ScheduleMeeting(
                    log: .of("another"),
                    title: "Another",
                    scheduled: .at(1),
                    secretaryName: "Somebody"
                )
            )
        ),
        ("revokeSigningKey", .revokeSigningKey("m1", .named("m1"), reason: "lost")),
        ("timeIsUp", .timeIsUp("poll")),
        ("restoreLog", .restoreLog(try! Epoch(7), reason: "disk")),
    ]
}

@Suite struct PermissionTests {
    private static let secretaryOnly: Set<String> = [
        "admitParticipants", "removeParticipant", "recordLeave", "recordAbsence", "checkInOther",
        "checkOutOther",
    ]
    private static let chairAndSecretary: Set<String> = [
        "openMeeting", "startRecess", "resumeMeeting", "adjournMeeting", "setAgendaItem",
        "removeAgendaItem", "moveToAgendaItem", "createPoll", "openPoll", "holdPoll",
        "resumePoll", "closePoll", "voidPoll",
    ]
    private static let anyone: Set<String> = [
        "checkInSelf", "checkOutSelf", "castBallot", "decideTie",
    ]

    /// The table: what each may do. All else is denied.
    private static let permitted: [(actor: String, roles: RoleSet, commands: Set<String>)] = [
        ("member", [.member], anyone),
        ("chair", [.member, .chair], anyone.union(chairAndSecretary)),
        (
            "secretary", [.secretary],
            anyone.union(chairAndSecretary).union(secretaryOnly)
        ),
        ("guest", [.guest], anyone),
        ("display", [.display], anyone),
    ]

    /// A meeting with one participant of each role, and another.
    private func session() throws -> Session {
        var session = try Session.scheduled()
        try session.run(
            .admitParticipants(
                Self.permitted.map { line in
                    Participant.of(line.roles, Identifier(stringLiteral: line.actor))
                } + [.of([.guest], "other")]
            ),
            by: "secretary"
        )
        return session
    }

    private func isPermitted(_ command: Command, _ actor: Actor, _ session: Session) -> Bool {
        (try? session.state.authorize(command, by: actor)) != nil
    }

    @Test func theTableOfRolesAndCommandsHolds() throws {
        let session = try session()
        for line in Self.permitted {
            let actor = session.caller(Identifier(stringLiteral: line.actor), key: .numbered(1))
            for (name, command) in oneOfEach(session) {
                let expected = line.commands.contains(name)
                #expect(
                    isPermitted(command, actor, session) == expected,
                    "\(line.actor) and \(name)"
                )
                if !expected {
                    guard case .roleRequired = session.rejection(of: command, by: actor) else {
                        Issue.record("\(name) by \(line.actor) is refused for another reason")
                        continue
                    }
                }
            }
        }
    }

    @Test func whoTakesNoPartLearnsNothingOfTheMeeting() throws {
        let session = try session()
        // Roles in the directory are no roles in the meeting.
        let everything = RoleSet(Role.allCases)
        let stranger = session.caller("stranger", key: .numbered(1), directory: everything)
        for (name, command) in oneOfEach(session) {
            switch name {
            case "scheduleMeeting", "revokeSigningKey":
                #expect(isPermitted(command, stranger, session))
            case "timeIsUp", "restoreLog":
                #expect(session.rejection(of: command, by: stranger) == .roleRequired(roles: []))
            default:
                #expect(session.rejection(of: command, by: stranger) == .meetingNotFound, "\(name)")
            }
        }
    }

    @Test(arguments: Role.allCases)
    func whatTheDirectoryPermitsIsPermittedByOneRole(_ role: Role) throws {
        let session = try session()
        let actor = session.caller("stranger", key: .numbered(1), directory: [role])
        for (name, command) in oneOfEach(session) {
            let expected =
                (name == "scheduleMeeting" && role == .secretary)
                || (name == "revokeSigningKey" && role == .administrator)
            #expect(isPermitted(command, actor, session) == expected, "\(role) and \(name)")
        }
    }

    @Test func theServerMayDoWhatIsItsOwnAndNothingElse() throws {
        let session = try session()
        let own: Set<String> = ["timeIsUp", "restoreLog", "revokeSigningKey"]
        for (name, command) in oneOfEach(session) {
            #expect(isPermitted(command, .server, session) == own.contains(name), "\(name)")
        }
    }

    @Test func beforeTheMeetingThereIsNothingButScheduling() throws {
        let session = Session()
        let caller = session.caller("secretary", key: .numbered(1), directory: [.secretary])
        for (name, command) in oneOfEach(session) {
            switch session.rejection(of: command, by: caller) {
            case nil: #expect(name == "scheduleMeeting")
            case .meetingNotFound, .roleRequired: #expect(name != "scheduleMeeting")
            case let other: Issue.record("\(name): \(String(describing: other))")
            }
        }
        #expect(try session.state.decide(.timeIsUp("poll"), by: .server, at: .at(1)) == [])
    }

    @Test func theEntryNamesTheRoleThatPermittedIt() throws {
        var session = try Session.scheduled()
        try session.run(
            .admitParticipants([.member("m1", isChair: true), .member("m2")]),
            by: "secretary"
        )
        func role(_ entries: [Entry]) -> Role? {
            if case .principal(_, _, let role) = entries.first?.author { role } else { nil }
        }
        let item = Command.setAgendaItem(SetAgendaItem("item", title: "Item"))
        #expect(role(try session.run(item, by: "m1")) == .chair)
        #expect(role(try session.run(item, by: "secretary")) == .secretary)
        #expect(role(try session.run(.checkIn(nil, from: .room), by: "m2")) == nil)
        #expect(role(try session.run(.checkIn("m2", from: .room), by: "secretary")) == .secretary)
    }

    @Test func audiencesAreThoseOfTheirRoles() {
        func audiences(_ roles: RoleSet) -> [Audience] {
            Audience.allCases.filter { $0.admits(roles) }
        }
        #expect(audiences([.member]) == [.members, .display])
        #expect(audiences([.member, .chair]) == [.members, .secretariat, .display])
        #expect(audiences([.secretary]) == [.secretariat, .display])
        #expect(audiences([.guest]) == [.display])
        #expect(audiences([.display]) == [.display])
        #expect(audiences([]) == [])
    }
}
