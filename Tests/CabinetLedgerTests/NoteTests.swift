import CabinetCrypto
import CabinetLedger
import Foundation
import Testing

@Suite struct NoteTests {
    /// The example of C2SP signed-note, «Verifier keys».
    static let exampleKey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    static let exampleNote = """
        This is an example message.

        \u{2014} example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXs\
        YjOBH3mFXmRKuwHjG1Yu72IneyaQM=

        """

    @Test("The specification's example verifies with its key")
    func example() throws {
        let key = try NoteVerifierKey(parsing: Self.exampleKey)
        #expect(key.text == Self.exampleKey)
        let bytes = Array(Self.exampleNote.utf8)
        let note = try SignedNote(parsing: bytes)
        #expect(note.serialized == bytes)
        #expect(note.text == Array("This is an example message.\n".utf8))
        #expect(try note.verify(with: [key]) == [key])
    }

    @Test("No single changed bit of a note leaves it valid")
    func mutations() throws {
        let key = try NoteVerifierKey(parsing: Self.exampleKey)
        let bytes = Array(Self.exampleNote.utf8)
        for index in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[index] ^= 1 << UInt8(bit)
                let isAccepted = (try? SignedNote(parsing: changed).verify(with: [key])) != nil
                #expect(!isAccepted, "byte \(index), bit \(bit)")
            }
        }
    }

    @Test(
        "A key that differs in a character is refused",
        arguments: [
            ("", VerifierKeyError.malformed),
            ("example.com/foo", .malformed),
            ("example.com/foo+530d903a", .malformed),
            ("example.com/foo+530d903a+", .malformed),
            ("example.com/foo+530d903a+AQ=", .malformed),
            ("+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", .invalidName),
            ("a b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", .invalidName),
            (
                "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                .unsupportedType(2)
            ),
            (
                "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3Q==",
                .invalidKey(.wrongLength(.ed25519PublicKey, byteCount: 30, expected: 32))
            ),
            (
                "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                .wrongID(found: "530D903A", computed: NoteKeyID(0x530d_903a))
            ),
            (
                "example.com/foo+00000000+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                .wrongID(found: "00000000", computed: NoteKeyID(0x530d_903a))
            ),
        ]
    )
    func malformedKeys(text: String, error: VerifierKeyError) {
        #expect(throws: error) { try NoteVerifierKey(parsing: text) }
    }

    @Test(
        "Malformed notes are refused by name",
        arguments: [
            ("", NoteFormatError.unterminatedLine),
            ("text", .unterminatedLine),
            ("text\n", .noSignatureBlock),
            ("text\n\u{2014} a AAAAAAE=\n", .noSignatureBlock),
            ("text\n\n", .noSignatures),
            ("\n\n", .noSignatures),
            ("text\n\n\u{2014} a AAAAAAE=", .unterminatedLine),
            ("text\n\n\u{2014} a AAAAAAE=\n\n", .noSignatures),
            ("text\n\n\u{2014} a AAAAAAE=\nmore\n", .malformedSignature(lineNumber: 4)),
            ("text\n\n\u{2014} a AAAAAA==\n", .malformedSignature(lineNumber: 3)),
            ("text\n\n\u{2014} a \n", .malformedSignature(lineNumber: 3)),
            ("text\n\n\u{2014} a\n", .malformedSignature(lineNumber: 3)),
            ("text\n\n\u{2014}  AAAAAAE=\n", .malformedSignature(lineNumber: 3)),
            ("text\n\n\u{2014} a  AAAAAAE=\n", .malformedSignature(lineNumber: 3)),
            ("text\n\n\u{2014} a AAAAAAE= \n", .malformedSignature(lineNumber: 3)),
            ("text\n\n\u{2014} a AAAAAAF=\n", .malformedSignature(lineNumber: 3)),
            ("text\n\n\u{2014} a AAAAAAE\n", .malformedSignature(lineNumber: 3)),
            ("text\n\n\u{2014} a+b AAAAAAE=\n", .malformedSignature(lineNumber: 3)),
            ("text\n\n\u{2014} a\u{a0}b AAAAAAE=\n", .malformedSignature(lineNumber: 3)),
            ("text\n\n- a AAAAAAE=\n", .malformedSignature(lineNumber: 3)),
            ("text\n\n\u{2013} a AAAAAAE=\n", .malformedSignature(lineNumber: 3)),
            ("text\n\n\u{2014}a AAAAAAE=\n", .malformedSignature(lineNumber: 3)),
            ("te\txt\n\n\u{2014} a AAAAAAE=\n", .controlCharacter(offset: 2)),
            ("text\r\n\n\u{2014} a AAAAAAE=\n", .controlCharacter(offset: 4)),
            ("te\0xt\n\n\u{2014} a AAAAAAE=\n", .controlCharacter(offset: 2)),
        ]
    )
    func malformedNotes(text: String, error: NoteFormatError) {
        #expect(throws: error) { try SignedNote(parsing: Array(text.utf8)) }
    }

    @Test("Bytes that are not UTF-8, too long notes and too many signatures are refused")
    func limits() throws {
        let line = "\u{2014} a AAAAAAE=\n"
        let invalid: [UInt8] = [0x61, 0xff, 0x0a, 0x0a] + Array(line.utf8)
        #expect(throws: NoteFormatError.notUTF8) { try SignedNote(parsing: invalid) }

        let limit = LedgerLimits.maximumNoteSignatures
        let most = "text\n\n" + String(repeating: line, count: limit)
        #expect(try SignedNote(parsing: Array(most.utf8)).signatures.count == limit)
        #expect(throws: NoteFormatError.tooManySignatures(limit: limit)) {
            try SignedNote(parsing: Array((most + line).utf8))
        }

        let maximum = LedgerLimits.maximumNoteBytes
        let end = Array("\n\n\(line)".utf8)
        let longest = [UInt8](repeating: 0x61, count: maximum - end.count) + end
        #expect(try SignedNote(parsing: longest).serialized == longest)
        #expect(throws: NoteFormatError.tooLong(byteCount: maximum + 1, limit: maximum)) {
            try SignedNote(parsing: [0x61] + longest)
        }
    }

    @Test("A text may have empty lines; the last one separates it from the signatures")
    func emptyLines() throws {
        let signer = try LedgerFixture().signer
        for text in ["\n", "a\n\nb\n", "a\n\n\n", "\u{2014} a AAAAAAE=\n", "a\n\n\u{2014} a b\n"] {
            let note = try SignedNote(text: Array(text.utf8), signedBy: signer)
            let parsed = try SignedNote(parsing: note.serialized)
            #expect(parsed == note)
            #expect(try parsed.verify(with: [signer.verifierKey]) == [signer.verifierKey])
        }
    }

    @Test("A text that cannot be a note's is not signed")
    func unsignable() throws {
        let signer = try LedgerFixture().signer
        for (text, error) in [
            ("", NoteFormatError.unterminatedLine), ("a", .unterminatedLine),
            ("a\u{1}\n", .controlCharacter(offset: 1)),
        ] {
            #expect(throws: NoteSigningError.textUnacceptable(error)) {
                try SignedNote(text: Array(text.utf8), signedBy: signer)
            }
        }
    }

    @Test("Several keys sign; unknown ones are ignored and kept, a wrong known one refuses")
    func signers() throws {
        let fixture = try LedgerFixture()
        let log = fixture.signer.verifierKey
        let witness = fixture.witness.verifierKey
        let name = log.name
        let stranger = NoteVerifierKey(
            name: name,
            publicKey: try LedgerFixture.key(3).ed25519PublicKey
        )
        let text = Array("text\n".utf8)
        let note = try SignedNote(text: text, signedBy: fixture.signer, fixture.witness)
        #expect(note.signatures.count == 2)
        #expect(try note.verify(with: [log, witness]) == [log, witness])
        #expect(try note.verify(with: [witness, log, witness]) == [witness, log])
        #expect(try note.verify(with: [stranger, witness]) == [witness])
        #expect(throws: NoteVerificationError.noKnownKey) { try note.verify(with: [stranger]) }
        #expect(throws: NoteVerificationError.noKnownKey) { try note.verify(with: []) }

        // The witness' line over another text.
        let other = try SignedNote(text: Array("other\n".utf8), signedBy: fixture.witness)
        let line = try #require(
            String(decoding: other.serialized, as: UTF8.self).split(separator: "\n").last
        )
        let logNote = try SignedNote(text: text, signedBy: fixture.signer)
        let mixed = try SignedNote(parsing: logNote.serialized + Array("\(line)\n".utf8))
        #expect(try mixed.verify(with: [log]) == [log])
        #expect(throws: NoteVerificationError.wrongSignature(witness.name, witness.id, .mismatch)) {
            try mixed.verify(with: [log, witness])
        }
    }

    @Test("A signature of another length by a known key is refused")
    func otherLength() throws {
        let key = try LedgerFixture().signer.verifierKey
        let id = (0..<4).map { UInt8(truncatingIfNeeded: key.id.value >> (24 - 8 * $0)) }
        let error = SignatureError.wrongLength(byteCount: 72, allowed: 64...64)
        let line = Data(id + [UInt8](repeating: 0, count: 72)).base64EncodedString()
        let note = try SignedNote(parsing: Array("text\n\n\u{2014} \(key.name) \(line)\n".utf8))
        #expect(throws: NoteVerificationError.wrongSignature(key.name, key.id, error)) {
            try note.verify(with: [key])
        }
    }
}
