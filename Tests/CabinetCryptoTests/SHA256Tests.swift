import CabinetCrypto
import Testing

@Suite struct SHA256Tests {
    /// FIPS 180-2, appendix B, and the empty message.
    static let known: [(String, String)] = [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ]

    @Test("Known messages have their digests", arguments: known)
    func knownDigests(message: String, digest: String) {
        #expect(SHA256.digest(of: Array(message.utf8)).description == digest)
    }

    @Test("Where a message is cut makes no difference")
    func parts() {
        let message = (0..<200).map { UInt8($0) }
        let whole = SHA256.digest(of: message)
        for cut in 0...message.count {
            let first = Array(message[..<cut])
            let second = Array(message[cut...])
            #expect(SHA256.digest(of: first, second) == whole)
            var hasher = SHA256Hasher()
            hasher.update(first.span)
            hasher.update(second.span)
            #expect(hasher.finish() == whole)
        }
    }

    @Test("A node's digest is that of prefix, left and right")
    func node() {
        let left = SHA256.digest(of: [1])
        let right = SHA256.digest(of: [2])
        let expected = SHA256.digest(of: [7] + left.bytes + right.bytes)
        #expect(SHA256.digest(prefix: 7, left, right) == expected)
    }

    @Test("A digest is 32 bytes and nothing else")
    func length() throws {
        let bytes = (0..<32).map { UInt8($0) }
        let digest = try #require(SHA256Digest(bytes))
        #expect(digest.bytes == bytes)
        #expect(SHA256Digest(bytes.dropLast()) == nil)
        #expect(SHA256Digest(bytes + [0]) == nil)
        #expect(SHA256Digest([UInt8]()) == nil)
    }
}
