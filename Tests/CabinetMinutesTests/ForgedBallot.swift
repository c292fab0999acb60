import CabinetCrypto
import CabinetLedger
import CabinetMinutes
import Foundation
import LogTestSupport
import ModelTestSupport
import Testing

/// What somebody with the log's key makes up who has no key of a member: a ballot signed with another key, in a log
/// that says it is the member's. In `key.pem` one reader finds the member's key, and another the forger's.
enum ForgedBallot {
    private static let stem = "polls/tied/ballots/m3.1"

    /// Minutes of a log with a ballot that the forger has signed.
    static func bundle() throws -> TamperedBundle {
        let forger = try PrivateKey.generate(.ecdsaP256SHA256)
        var bundle = TamperedBundle()
        let signed = try #require(bundle["\(stem).signed"])
        let path = "\(stem).ecdsa.sig"
        let genuine = try #require(bundle[path])
        // DER has some lengths; with that of the other the entry keeps its own.
        var forged: [UInt8] = []
        repeat { forged = try forger.sign(signed) } while forged.count != genuine.count

        let old = try SignedMaterials.serialized(SampleMeeting.session.log)
        let entries = old.map { entry in
            guard let range = Data(entry).range(of: Data(genuine)) else { return entry }
            var entry = entry
            entry.replaceSubrange(range, with: forged)
            return entry
        }
        let checkpoint = try SignedMaterials.checkpoint(of: entries)
        bundle["ledger/checkpoint.txt"] = checkpoint.serialized
        bundle["ledger/meeting.cabinet-log"] = try SignedMaterials.file(
            of: entries,
            checkpoint: checkpoint
        )
        for (entry, other) in zip(old, entries) where entry != other {
            bundle.replace(
                Data(entry).base64EncodedString(),
                with: Data(other).base64EncodedString(),
                in: "ledger/entries.jsonl"
            )
        }
        bundle[path] = forged
        let body = Data(forger.publicKey.subjectPublicKeyInfo).base64EncodedString(
            options: [.lineLength64Characters, .endLineWithLineFeed]
        )
        try setKeys(
            "-----BEGIN PUBLIC KEY-----\n\(body)\n-----END PUBLIC KEY-----\n",
            in: &bundle
        )
        return bundle
    }

    /// True minutes, but for a second key in a `key.pem`.
    static func withTwoKeys() throws -> TamperedBundle {
        var bundle = TamperedBundle()
        let genuine = try #require(bundle["\(stem).key.pem"])
        try setKeys(String(decoding: genuine, as: UTF8.self), in: &bundle)
        return bundle
    }

    /// First the member's key without a header, of which Base64's padding is the end; then a whole block.
    private static func setKeys(_ second: String, in bundle: inout TamperedBundle) throws {
        let genuine = try #require(bundle["\(stem).key.pem"])
        let lines = String(decoding: genuine, as: UTF8.self).split(separator: "\n")
        let body = lines.dropFirst().dropLast().joined(separator: "\n")
        bundle["\(stem).key.pem"] = Array("x\n\(body)\n\(second)".utf8)
        bundle.rebuildManifest()
    }
}
