import Foundation
import Testing

/// The folder of public test vectors.
enum Vectors {
    static let folder: URL = {
        if let path = ProcessInfo.processInfo.environment["CABINET_VECTORS"] {
            return URL(fileURLWithPath: path, isDirectory: true)
        }
        // This file is in Tests/CabinetCryptoTests of the package.
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        return root.appendingPathComponent("../shared/vectors", isDirectory: true).standardized
    }()

    static var arePresent: Bool {
        FileManager.default.fileExists(atPath: folder.appendingPathComponent("wycheproof").path)
    }

    static let absence: Comment =
        "no vectors at ../shared/vectors from the package; CABINET_VECTORS names another folder"
}

/// A file of Wycheproof test vectors for verification.
struct Wycheproof: Decodable {
    struct Group: Decodable {
        let publicKeyDer: String
        let tests: [Case]
    }

    struct Case: Decodable {
        enum Result: String, Decodable {
            case valid, invalid, acceptable
        }

        let tcId: Int
        let comment: String
        let msg: String
        let sig: String
        let result: Result
    }

    let numberOfTests: Int
    let testGroups: [Group]

    init(_ name: String) throws {
        let url = Vectors.folder.appendingPathComponent("wycheproof/\(name).json")
        self = try JSONDecoder().decode(Wycheproof.self, from: Data(contentsOf: url))
    }
}

/// The bytes of hexadecimal digits.
func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.compactMap(\.hexDigitValue)
    precondition(digits.count == hexadecimal.count && digits.count.isMultiple(of: 2))
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
}
