internal import CabinetAPI
public import CabinetCodec
public import CabinetModel

/// The form in which a store keeps a principal: the bytes of a `cabinet.v1.Principal`, under its
/// identifier.
public enum PrincipalRecord {
    /// Bytes of the longest record: a principal with 12 of the longest certificates has 50,700.
    public static let maximumBytes = 65_536

    /// The bytes of a principal.
    public static func serialize(_ principal: CabinetModel.Principal) -> [UInt8] {
        CabinetAPI.Principal(principal).serialized()
    }

    /// The principal that a store keeps under a name.
    ///
    /// - Throws: ``PrincipalRecordError``.
    public static func parse(
        _ bytes: [UInt8],
        named name: String
    ) throws(PrincipalRecordError) -> CabinetModel.Principal {
        guard bytes.count <= maximumBytes else {
            throw PrincipalRecordError(name, .tooLong(byteCount: bytes.count))
        }
        let message: CabinetAPI.Principal
        do {
            message = try CabinetAPI.Principal(serialized: bytes)
        } catch {
            throw PrincipalRecordError(name, .undecodable(error))
        }
        guard message.principalID == name else {
            throw PrincipalRecordError(name, .otherName(message.principalID))
        }
        do {
            return try Principal(message)
        } catch {
            throw PrincipalRecordError(name, .field(error))
        }
    }
}

/// Why a stored record is no principal. It is found at start, and names the record at fault.
public struct PrincipalRecordError: Error, Hashable, Sendable {
    /// What is wrong.
    public enum Problem: Hashable, Sendable {
        /// The record is longer than ``PrincipalRecord/maximumBytes``.
        case tooLong(byteCount: Int)
        /// The bytes are no `cabinet.v1.Principal`.
        case undecodable(MessageDecodingError)
        /// The principal has another identifier than the record has a name.
        case otherName(String)
        /// A field is missing or holds what it cannot hold.
        case field(InvalidField)
    }

    /// The name of the record.
    public let name: String
    public let problem: Problem

    init(_ name: String, _ problem: Problem) {
        self.name = name
        self.problem = problem
    }
}

extension PrincipalRecordError: CustomStringConvertible {
    public var description: String {
        let text =
            switch problem {
            case .tooLong(let byteCount):
                "it has \(byteCount) bytes, and the limit is \(PrincipalRecord.maximumBytes)"
            case .undecodable(let error): "\(error)"
            case .otherName(let id): "it says that its principal is «\(id)»"
            case .field(let error): "\(error)"
            }
        return "record of principal «\(name)»: \(text)"
    }
}
