internal import CabinetAPI
internal import CabinetModel

extension SigningKeys {
    /// Fingerprints as a message lists them: sorted as bytes, each once, at most 4.
    init(sorted fingerprints: [[UInt8]]) throws(InvalidField) {
        let keys = try repeated("", fingerprints) { bytes throws(InvalidField) in
            try field("", try KeyFingerprint(bytes))
        }
        do {
            try self.init(keys)
        } catch {
            throw InvalidField("", error.rule)
        }
        guard keys == self.fingerprints else {
            throw InvalidField("", "the fingerprints are sorted as bytes")
        }
    }

    /// As a message lists them.
    var bytes: [[UInt8]] { fingerprints.map(\.bytes) }
}

extension RoleSet {
    /// Roles as a message lists them: each known, at most once.
    init(listed roles: [CabinetAPI.Role]) throws(InvalidField) {
        let values = try repeated("roles", roles) { role throws(InvalidField) in
            try field("", try known(role) as CabinetModel.Role)
        }
        guard Set(values).count == values.count else {
            throw InvalidField("roles", "each role is given once")
        }
        self.init(values)
    }

    /// As a message lists them, in the order of the schema.
    var listed: [CabinetAPI.Role] { roles.map { CabinetAPI.Role($0) } }
}

extension CabinetModel.Participant {
    init(_ message: CabinetAPI.Participant) throws(InvalidField) {
        let id = try field("principal_id", try PrincipalID(message.principalID))
        let name = try field("display_name", try DisplayName(message.displayName))
        let office = try field("office", try Office.optional(message.office, from: .record))
        let roles = try RoleSet(listed: message.roles)
        let isMember = roles.contains(.member)
        let weight =
            isMember || message.weight != 0
            ? try field("weight", try Weight(message.weight)) : nil
        let keys = try nested(
            "key_fingerprints",
            try SigningKeys(sorted: message.keyFingerprints)
        )
        do {
            try self.init(
                id,
                displayName: name,
                office: office,
                roles: roles,
                weight: weight,
                keys: keys
            )
        } catch {
            throw InvalidField("roles", error.rule)
        }
    }
}

extension CabinetAPI.Participant {
    init(_ participant: CabinetModel.Participant) {
        self.init(
            principalID: participant.id.text,
            displayName: participant.displayName.value,
            office: participant.office?.value ?? "",
            roles: participant.roles.listed,
            weight: participant.membership?.weight.value ?? 0,
            keyFingerprints: participant.membership?.keys.bytes ?? []
        )
    }
}
