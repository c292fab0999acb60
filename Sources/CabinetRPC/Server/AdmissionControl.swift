internal import CabinetLocks
internal import CabinetWire
internal import NIOCore

/// Counts the connections of each address, and refuses those beyond the limits before anything is
/// spent on them.
final class AdmissionControl: Sendable {
    /// Why a connection was refused. The raw value is for logs and metrics.
    enum Refusal: String {
        case tooManyConnections = "TOO_MANY_CONNECTIONS"
        case tooManyFromAddress = "TOO_MANY_CONNECTIONS_FROM_ADDRESS"
        case tooManyHandshakesFromAddress = "TOO_MANY_HANDSHAKES_FROM_ADDRESS"
        case tooFastFromAddress = "TOO_FAST_FROM_ADDRESS"
    }

    private struct Entry {
        var count = 0
        var handshakes = 0
        var rate: ControlBudget
    }

    private struct State {
        var count = 0
        var entries: [String: Entry] = [:]
        /// The addresses of the connections that are not established yet.
        var handshakes: [ObjectIdentifier: String] = [:]

        mutating func endHandshake(of connection: ObjectIdentifier) {
            guard let address = handshakes.removeValue(forKey: connection) else { return }
            entries[address]?.handshakes -= 1
        }
    }

    private let limits: AdmissionLimits
    private let state = Guarded(State())

    init(_ limits: AdmissionLimits) {
        self.limits = limits
    }

    /// Lets a connection in, or says why not.
    ///
    /// - Parameter address: What ``ClientNetwork`` says of the client.
    func admit(
        _ connection: ObjectIdentifier,
        from address: String,
        at now: Timestamp
    ) -> Refusal? {
        state.withLock { state in
            guard state.count < limits.maxConnections else { return .tooManyConnections }
            if state.entries.count >= limits.maxAddresses, state.entries[address] == nil {
                // An address without connections is forgotten, and with it how fast it was: that many
                // addresses are no single attacker, or one whom no count by address stops.
                state.entries = state.entries.filter { $0.value.count > 0 }
                guard state.entries.count < limits.maxAddresses else { return .tooManyConnections }
            }
            var entry =
                state.entries[address]
                ?? Entry(
                    rate: ControlBudget(
                        burst: max(1, limits.connectionBurstPerAddress),
                        perSecond: max(1, limits.connectionsPerSecondPerAddress),
                        at: now
                    )
                )
            defer { state.entries[address] = entry }
            guard entry.count < limits.maxConnectionsPerAddress else { return .tooManyFromAddress }
            guard entry.handshakes < limits.maxHandshakesPerAddress else {
                return .tooManyHandshakesFromAddress
            }
            guard entry.rate.spend(at: now) else { return .tooFastFromAddress }
            entry.count += 1
            entry.handshakes += 1
            state.count += 1
            state.handshakes[connection] = address
            return nil
        }
    }

    /// The handshake of a connection that was let in is done.
    func established(_ connection: ObjectIdentifier) {
        state.withLock { $0.endHandshake(of: connection) }
    }

    /// A connection that was let in is gone.
    func release(_ connection: ObjectIdentifier, from address: String) {
        state.withLock { state in
            state.endHandshake(of: connection)
            state.count -= 1
            state.entries[address]?.count -= 1
        }
    }
}
