public import CabinetCodec
public import CabinetTLS
public import CabinetWire
public import NIOCore

/// What a server listens on, and everything that bounds what it does (CWP/1, section 9).
public struct RPCServerConfiguration: Sendable {
    /// The address to listen on, or a name of it.
    public var host = "127.0.0.1"
    /// 0 for any that is free.
    public var port = 0
    /// Connections that the system keeps until the server takes them.
    public var backlog = 1_024

    /// What clients may send.
    public var limits = ConnectionLimits.default
    /// How long clients may take.
    public var liveness = Liveness.Settings()
    public var tls = TLSLimits()
    /// How many may connect.
    public var admission = AdmissionLimits()
    /// Handlers that run in tasks at once, of all connections. Further calls are answered with
    /// RESOURCE_EXHAUSTED and NOT_PROCESSED.
    public var maxTasks = 10_000

    /// How often the certificates of connected clients are held against the clock and the revocation
    /// lists again.
    public var peerRecheckInterval: TimeAmount = .seconds(60)

    /// Who is connected. Servers that have the same one count together.
    public var connectedPeers = ConnectedPeers()

    /// How long calls in flight may take after the server was told to stop.
    public var drainGrace: TimeAmount = .seconds(10)
    /// Clients are told to come back after a random part of this time, so that they do not all come
    /// at once.
    public var reconnectSpread: TimeAmount = .seconds(2)

    /// Why a client whose certificate holds is refused all the same, in English; `nil` where it is not.
    /// It is asked when a client connects, and of those who are connected by
    /// ``RPCServer/review()``: on any thread, so it must not wait.
    public var refusal: (@Sendable (PeerIdentity) -> String?)?
    /// Decides whether a call may be made at all, before its request is decoded: on the event loop,
    /// so it must not wait. `nil` leaves it to the handlers.
    public var authorize: (@Sendable (CallContext) throws(RPCError) -> Void)?
    /// The first is the outermost. They stand around every call that ``authorize`` lets in.
    public var interceptors: [any ServerInterceptor] = []

    /// Where there is one, the server serves `cabinet.rpc.HealthService` with it, and has it say
    /// NOT_SERVING as soon as the server is told to stop. Everyone who may connect may call it,
    /// unless ``authorize`` says otherwise.
    public var health: HealthHandler?
    /// The files of each schema that the server tells about: the `files` of the generated enums, as
    /// in `[CabinetSchema.files]`. Where there are any, the server serves
    /// `cabinet.rpc.ReflectionService`, of all its methods. Everyone who may connect may call it,
    /// unless ``authorize`` says otherwise.
    public var reflectedSchemas: [[SchemaFile]] = []

    /// SHA-256 of the schema that the server was built with; 32 bytes, or none.
    public var schemaHash: [UInt8] = []
    /// Name and version of the software, for the clients' logs. At most 256 bytes.
    public var agent = "e-cabinet"

    public init() {}
}

/// How many connections a server takes. An IPv6 network of 64 bits counts as one address.
public struct AdmissionLimits: Sendable, Hashable {
    /// Connections at once.
    public var maxConnections = 20_000
    /// Connections at once from one IP address. A building with one address to the outside has many
    /// tablets.
    public var maxConnectionsPerAddress = 1_024
    /// Connections at once with one certificate's key: a device has one, or two while it changes from one
    /// network to another. With the slots of each it bounds what one device can have running.
    public var maxConnectionsPerPeer = 64
    /// Connections at once from one address whose handshake is not done. It is well below
    /// ``TLSLimits/maxHandshakesPerLoop``, so that no address keeps the others out.
    public var maxHandshakesPerAddress = 128
    /// New connections that an address may make in one go, when it has made none for long.
    public var connectionBurstPerAddress: UInt32 = 256
    /// New connections a second that an address may make for long.
    public var connectionsPerSecondPerAddress: UInt32 = 32
    /// Addresses that are counted. With more, those that are at rest are forgotten.
    public var maxAddresses = 65_536

    public init() {}
}
