import CabinetWire
import NIOCore
import Testing

@testable import CabinetRPC

/// Who is let in, by the count and the rate of each address.
@Suite struct AdmissionControlTests {
    private static let begin = Timestamp(nanoseconds: 1_000_000_000_000)

    private static func limits(_ change: (inout AdmissionLimits) -> Void) -> AdmissionLimits {
        var limits = AdmissionLimits()
        change(&limits)
        return limits
    }

    @Test(
        "An IPv6 network is counted as one address, however many it has",
        arguments: [
            ("10.0.0.1", "10.0.0.1"), ("2001:db8:0:a::1", "2001:db8:0:a::/64"),
            ("2001:db8:0:a:ffff:1:2:3", "2001:db8:0:a::/64"),
            ("2001:db8:0:b::1", "2001:db8:0:b::/64"), ("::1", "0:0:0:0::/64"),
            ("::ffff:10.0.0.1", "10.0.0.1"),
        ]
    )
    func network(_ address: String, _ name: String) throws {
        let address = try SocketAddress(ipAddress: address, port: 1)
        #expect(ClientNetwork.name(of: address) == name)
    }

    /// Connections that only their number tells apart.
    private final class Connections {
        let admission: AdmissionControl
        private var connections: [(object: Object, address: String)] = []

        final class Object {}

        init(_ limits: AdmissionLimits) { admission = AdmissionControl(limits) }

        func admit(
            _ address: String,
            at now: Timestamp,
            isEstablished: Bool = true
        ) -> AdmissionControl.Refusal? {
            let object = Object()
            let refusal = admission.admit(ObjectIdentifier(object), from: address, at: now)
            if refusal == nil {
                connections.append((object, address))
                if isEstablished { admission.established(ObjectIdentifier(object)) }
            }
            return refusal
        }

        /// Ends the connection of the address that is the oldest.
        func release(_ address: String) {
            guard let index = connections.firstIndex(where: { $0.address == address }) else {
                return
            }
            let gone = connections.remove(at: index)
            admission.release(ObjectIdentifier(gone.object), from: address)
        }
    }

    @Test("An address makes a burst of connections, and then so many a second")
    func rate() {
        let admission = Connections(
            Self.limits {
                $0.connectionBurstPerAddress = 10
                $0.connectionsPerSecondPerAddress = 2
            }
        )
        for _ in 0..<10 { #expect(admission.admit("10.0.0.1", at: Self.begin) == nil) }
        for _ in 0..<100 {
            #expect(admission.admit("10.0.0.1", at: Self.begin) == .tooFastFromAddress)
        }
        #expect(admission.admit("10.0.0.2", at: Self.begin) == nil)
        let later = Self.begin + .seconds(1)
        for _ in 0..<2 { #expect(admission.admit("10.0.0.1", at: later) == nil) }
        #expect(admission.admit("10.0.0.1", at: later) == .tooFastFromAddress)
    }

    @Test("Connections at once are counted by address and in all, and given back")
    func count() {
        let admission = Connections(
            Self.limits {
                $0.maxConnections = 5
                $0.maxConnectionsPerAddress = 3
            }
        )
        for _ in 0..<3 { #expect(admission.admit("10.0.0.1", at: Self.begin) == nil) }
        #expect(admission.admit("10.0.0.1", at: Self.begin) == .tooManyFromAddress)
        for _ in 0..<2 { #expect(admission.admit("10.0.0.2", at: Self.begin) == nil) }
        #expect(admission.admit("10.0.0.3", at: Self.begin) == .tooManyConnections)
        admission.release("10.0.0.1")
        #expect(admission.admit("10.0.0.1", at: Self.begin) == nil)
    }

    @Test("Handshakes of an address are counted until they are done or have failed")
    func handshakes() {
        let admission = Connections(Self.limits { $0.maxHandshakesPerAddress = 2 })
        for _ in 0..<5 { #expect(admission.admit("10.0.0.1", at: Self.begin) == nil) }
        for _ in 0..<2 {
            #expect(admission.admit("10.0.0.2", at: Self.begin, isEstablished: false) == nil)
        }
        #expect(admission.admit("10.0.0.2", at: Self.begin) == .tooManyHandshakesFromAddress)
        #expect(admission.admit("10.0.0.1", at: Self.begin) == nil)
        admission.release("10.0.0.2")
        #expect(admission.admit("10.0.0.2", at: Self.begin) == nil)
        // Established, and then gone: it is given back once.
        admission.release("10.0.0.1")
        for _ in 0..<2 {
            #expect(admission.admit("10.0.0.1", at: Self.begin, isEstablished: false) == nil)
        }
        #expect(admission.admit("10.0.0.1", at: Self.begin) == .tooManyHandshakesFromAddress)
    }

    @Test("Addresses that are gone are forgotten when there are many, those that are here are not")
    func addresses() {
        let admission = Connections(
            Self.limits {
                $0.maxAddresses = 100
                $0.connectionBurstPerAddress = 1
                $0.connectionsPerSecondPerAddress = 1
            }
        )
        #expect(admission.admit("here", at: Self.begin) == nil)
        for number in 0..<10_000 {
            #expect(admission.admit("\(number)", at: Self.begin) == nil)
            admission.release("\(number)")
        }
        #expect(admission.admit("here", at: Self.begin) == .tooFastFromAddress)
        #expect(admission.admit("1", at: Self.begin) == nil)
        for number in 0..<98 { #expect(admission.admit("stay\(number)", at: Self.begin) == nil) }
        #expect(admission.admit("one more", at: Self.begin) == .tooManyConnections)
    }
}
