import Testing

@testable import CabinetCodegen

/// The names that users of the generated Swift write.
@Suite struct SwiftNamesTests {
    @Test(
        "A field becomes a property",
        arguments: [
            // Words and capitals.
            ("name", "name"), ("meeting_id", "meetingID"), ("member_ids", "memberIDs"),
            ("id", "id"), ("id_card", "idCard"), ("camelCase", "camelCase"),
            ("CamelCase", "camelCase"), ("SHOUTED_NAME", "shoutedNAME"), ("some_URL", "someURL"),
            ("url", "url"), ("base_urls", "baseURLs"), ("tls_version", "tlsVersion"),
            ("start_utc", "startUTC"), ("http_status", "httpStatus"), ("iPhone", "iPhone"),
            // Underscores and digits.
            ("trailing_", "trailing"), ("_leading", "leading"), ("a__b", "aB"), ("_", "__"),
            ("field_1", "field1"), ("sha_256_digest", "sha256Digest"), ("_1st", "_1st"),
            // Words of Swift.
            ("class", "`class`"), ("default", "`default`"), ("protocol", "`protocol`"),
            ("in", "`in`"), ("where", "`where`"), ("await", "`await`"), ("self", "self_"),
            ("init", "init_"), ("hash_value", "hashValue_"), ("raw_value", "rawValue_"),
            ("type", "type"), ("Self", "self_"), ("some", "some"), ("none", "none"),
            ("async", "async"), ("actor", "actor"), ("any", "any"), ("full_name", "fullName"),
        ]
    )
    func property(_ name: String, _ expected: String) {
        #expect(SwiftNames.property(name) == expected)
    }

    @Test(
        "A member of a oneof becomes a case that Optional does not have",
        arguments: [
            ("none", "none_"), ("some", "some_"), ("none_left", "noneLeft"),
            ("default", "`default`"), ("owner_id", "ownerID"),
        ]
    )
    func oneofCase(_ name: String, _ expected: String) {
        #expect(SwiftNames.oneofCase(name) == expected)
    }

    @Test(
        "A method begins in lower case",
        arguments: [
            ("CastBallot", "castBallot"), ("Get", "get"), ("getItem", "getItem"),
            ("HTTPStatus", "httpStatus"), ("GetID", "getID"), ("GetURLs", "getURLs"),
            ("get_item", "getItem"), ("Get2FA", "get2FA"), ("Default", "`default`"),
            ("Init", "init_"), ("All", "all_"), ("AllItems", "allItems"), ("Return", "`return`"),
        ]
    )
    func method(_ name: String, _ expected: String) {
        #expect(SwiftNames.method(name) == expected)
    }

    @Test(
        "A oneof becomes an enum",
        arguments: [
            ("body", "Body"), ("resume_from", "ResumeFrom"), ("otherChoice", "OtherChoice"),
            ("type", "TypeOneof"), ("error", "ErrorOneof"), ("owner_id", "OwnerID"),
        ]
    )
    func oneofType(_ name: String, _ expected: String) {
        #expect(SwiftNames.oneofType(name) == expected)
    }

    @Test(
        "An enum's value loses the name of the enum",
        arguments: [
            ("CHOICE_YES", "Choice", "yes"), ("CHOICE_UNSPECIFIED", "Choice", "unspecified"),
            ("GO_AWAY_REASON_SHUTDOWN", "GoAwayReason", "shutdown"),
            ("GOAWAY_REASON_SHUTDOWN", "GoAwayReason", "shutdown"),
            ("HTTP_STATUS_NOT_FOUND", "HTTPStatus", "notFound"),
            // Where there is none, or nothing is left of it.
            ("YES", "Choice", "yes"), ("NOT_AT_ALL", "Choice", "notAtAll"),
            ("CHOICE", "Choice", "choice"), ("CHOICES_MANY", "Choice", "choicesMany"),
            ("Choice_Maybe", "Choice", "maybe"), ("OWNER_ID", "Key", "ownerID"),
            // A name cannot begin with a digit.
            ("TYPE_1ST", "Type", "type1st"), ("PLACE_2_A", "Place", "place2A"),
            // Words of Swift, and of the generated enum.
            ("TYPE_DEFAULT", "Type", "`default`"), ("TYPE_SELF", "Type", "self_"),
            ("TYPE_NIL", "Type", "`nil`"), ("TYPE_INIT", "Type", "init_"),
            ("TYPE_UNRECOGNIZED", "Type", "unrecognized_"), ("TYPE_ALL_CASES", "Type", "allCases_"),
            ("TYPE_RAW_VALUE", "Type", "rawValue_"), ("TYPE_HASH_VALUE", "Type", "hashValue_"),
        ]
    )
    func enumCase(_ value: String, _ type: String, _ expected: String) {
        #expect(SwiftNames.enumCase(value, of: type) == expected)
    }

    @Test(
        "A name that follows a dot has no backticks",
        arguments: [("`default`", "default"), ("self_", "self_"), ("name", "name")]
    )
    func reference(_ name: String, _ expected: String) {
        #expect(SwiftNames.reference(name) == expected)
    }

    @Test(
        "A type keeps its name, unless generated code needs that for something else",
        arguments: [
            ("Item", "Item"), ("item", "Item"), ("stock_item", "StockItem"),
            ("ITEM_ID", "ITEMID"), ("Date", "Date"),
            ("String", "StringMessage"), ("Type", "TypeMessage"), ("Message", "MessageMessage"),
            ("Client", "ClientMessage"), ("Handler", "HandlerMessage"),
            ("UnaryMethod", "UnaryMethodMessage"), ("ResumeToken", "ResumeTokenMessage"),
        ]
    )
    func type(_ name: String, _ expected: String) throws {
        let outcome = try Protoc.run(["example.proto": Protoc.file("message \(name) {}")])
        #expect(outcome.errors == "")
        #expect(
            outcome.files["example.pb.swift"]?.contains("\nstruct \(expected): Message {") == true
        )
    }
}
