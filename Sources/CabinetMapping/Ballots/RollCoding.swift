internal import CabinetAPI
internal import CabinetCodec
internal import CabinetCrypto
public import CabinetModel

extension FrozenRoll {
    /// Serializes a roll in parts and hashes it: the one time that this is done with it.
    ///
    /// A part takes as many voters as fit into 10,240 bytes. All parts one after the other are the
    /// serialized bytes of the whole roll.
    ///
    /// - Throws: `InvalidValue` where there are more than 16 parts, which no roll of 600 leads to.
    public init(freezing roll: CabinetModel.Roll) throws(InvalidValue) {
        var parts: [RollPart] = []
        var bytes: [UInt8] = []
        var voters: [CabinetModel.RollVoter] = []
        for voter in roll.voters {
            let encoded = CabinetAPI.Roll(voters: [CabinetAPI.RollVoter(voter)]).serialized()
            if bytes.count + encoded.count > Limits.rollPartBytes.upperBound {
                parts.append(try RollPart(bytes: bytes, voters: voters))
                bytes = []
                voters = []
            }
            bytes += encoded
            voters.append(voter)
        }
        parts.append(try RollPart(bytes: bytes, voters: voters))
        try self.init(parts: parts, digest: Digest(rollOf: parts))
    }

    /// A roll that comes whole, as in a snapshot, cut into the parts that it is kept in.
    ///
    /// - Throws: ``InvalidField`` where the bytes are no sorted roll of 1…600 voters that fits into 16
    ///   parts.
    init(serialized bytes: [UInt8]) throws(InvalidField) {
        var parts: [RollPart] = []
        for part in try RollSplitter.parts(of: bytes) {
            parts.append(try RollPart(serialized: part))
        }
        do {
            try self.init(parts: parts, digest: Digest(rollOf: parts))
        } catch {
            throw InvalidField("", error.rule)
        }
    }

    /// A roll that comes in the parts that it is kept in, hashed as they are.
    ///
    /// - Throws: ``InvalidField`` where they are no sorted roll of 1…600 voters.
    public init(parts: [[UInt8]]) throws(InvalidField) {
        let parts = try repeated("roll", parts) { part throws(InvalidField) in
            try RollPart(serialized: part)
        }
        do {
            try self.init(parts: parts, digest: Digest(rollOf: parts))
        } catch {
            throw InvalidField("roll", error.rule)
        }
    }

    /// The bytes of the whole roll.
    var bytes: [UInt8] { parts.flatMap(\.bytes) }
}

extension Digest {
    /// The digest of a roll that is kept in parts.
    init(rollOf parts: [RollPart]) {
        var hasher = SHA256Hasher()
        let domain = Domain.roll
        hasher.update(domain.span)
        for part in parts {
            let bytes = part.bytes
            hasher.update(bytes.span)
        }
        self.init(hasher.finish())
    }
}

extension RollPart {
    /// A part as it is in a log or an event. Fields that are not known are left alone.
    init(serialized bytes: [UInt8]) throws(InvalidField) {
        let message: CabinetAPI.Roll
        do {
            message = try CabinetAPI.Roll(serialized: bytes)
        } catch {
            throw InvalidField(path: error.path, rule: error.reason.description)
        }
        let voters = try repeated("voters", message.voters) { voter throws(InvalidField) in
            try RollVoter(voter)
        }
        do {
            try self.init(bytes: bytes, voters: voters)
        } catch {
            throw InvalidField("", error.rule)
        }
    }
}

extension CabinetModel.RollVoter {
    init(_ message: CabinetAPI.RollVoter) throws(InvalidField) {
        self.init(
            try field("member_id", try PrincipalID(message.memberID)),
            weight: try field("weight", try Weight(message.weight)),
            keys: try nested(
                "key_fingerprints",
                try SigningKeys(sorted: message.keyFingerprints)
            )
        )
    }
}

extension CabinetAPI.RollVoter {
    init(_ voter: CabinetModel.RollVoter) {
        self.init(
            memberID: voter.member.text,
            weight: voter.weight.value,
            keyFingerprints: voter.keys.bytes
        )
    }
}
