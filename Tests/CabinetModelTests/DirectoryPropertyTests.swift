import CabinetModel
import ModelTestSupport
import TestSupport
import Testing

@Suite struct DirectoryPropertyTests {
    @Test(arguments: 0..<4)
    func randomCommandsHoldTheRules(_ run: UInt64) {
        var directory = RandomDirectory(random: Seed.generator(4_000 + run))
        var revisions = directory.session.state.principals.mapValues(\.revision)
        for _ in 0..<1_500 {
            let before = directory.session.state
            let changed = directory.step()
            let now = directory.session.now
            let after = directory.session.state
            guard let changed else {
                #expect(after == before)
                continue
            }
            #expect(after.principals[changed.id] == changed)
            revisions[changed.id, default: 0] += 1
            #expect(changed.revision == revisions[changed.id])
            check(changed, before.principals[changed.id])
            checkKeys(after)
            if canAdminister(before, now) { #expect(canAdminister(after, now)) }
        }
        checkList(directory.session.state)
        checkAuthentication(directory.session)
        #expect(directory.session.state.principals.mapValues(\.revision) == revisions)
        #expect(directory.acceptedCount > 200)
        #expect(directory.rejections.count >= 6, "\(directory.rejections)")
    }

    @Test func randomCommandsMeetEveryReason() {
        var directory = RandomDirectory(random: Seed.generator(4_100))
        for _ in 0..<20_000 { _ = directory.step() }
        let expected = Set(DirectoryReason.allCases).subtracting([.fieldInvalid])
        #expect(directory.rejections == expected)
    }

    /// What holds of a principal alone, and between it and what it was.
    private func check(_ principal: Principal, _ former: Principal?) {
        #expect(!principal.roles.isEmpty)
        #expect(principal.certificates.count <= 12)
        #expect(
            principal.certificates.count { $0.use == .signing && $0.revoked == nil } <= 4
        )
        let formerly = former?.certificates ?? []
        #expect(principal.certificates.count >= formerly.count)
        for (now, then) in zip(principal.certificates, formerly) {
            #expect(now.fingerprint == then.fingerprint && now.der == then.der)
            #expect(now.use == then.use && now.validity == then.validity)
            if then.revoked != nil { #expect(now.revoked == then.revoked) }
        }
    }

    /// A key belongs to one principal at most, and the state says to which.
    private func checkKeys(_ state: DirectoryState) {
        var owners: [KeyFingerprint: PrincipalID] = [:]
        for principal in state.principals.values {
            for certificate in principal.certificates {
                #expect(owners.updateValue(principal.id, forKey: certificate.fingerprint) == nil)
            }
        }
        #expect(state.owners == owners)
    }

    private func canAdminister(_ state: DirectoryState, _ now: Moment) -> Bool {
        state.owners.keys.contains { key in
            state.principal(authenticatedBy: key, at: now)?.roles.contains(.administrator) == true
        }
    }

    private func checkAuthentication(_ session: DirectorySession) {
        for principal in session.state.principals.values {
            for certificate in principal.certificates {
                let isConnected =
                    session.state.principal(
                        authenticatedBy: certificate.fingerprint,
                        at: session.now
                    ) == principal
                let isTransport =
                    if case .transport = certificate.use { true } else { false }
                let seconds = session.clock / 1_000
                #expect(
                    isConnected
                        == (isTransport && !principal.isSuspended && certificate.revoked == nil
                            && certificate.validity.notBefore <= session.now
                            && seconds <= certificate.validity.notAfter.unixMilliseconds / 1_000)
                )
            }
        }
    }

    private func checkList(_ state: DirectoryState) {
        let sorted = state.principals.values.sorted {
            (CollationKey($0.displayName.value), $0.id)
                < (CollationKey($1.displayName.value), $1.id)
        }
        #expect(state.list() == sorted)
        for role in Role.allCases {
            #expect(state.list(role: role) == sorted.filter { $0.roles.contains(role) })
        }
        for text: SearchText in ["an", "binh", "tu phap", "x"] {
            let found = sorted.filter {
                FoldedText($0.displayName.value).contains(FoldedText(text.value))
                    || FoldedText($0.office?.value ?? "").contains(FoldedText(text.value))
            }
            #expect(state.list(matching: text) == found)
        }
    }
}
