/// Whom a case examines.
enum CaseSubject: String {
    case server
    case client
}

/// How the suite and its subject are connected.
enum CaseTransport: String, CaseIterable {
    /// Within the process: the suite has its hand on the clock.
    case process
    /// Over TLS, on a socket.
    case tls
}

/// One case: what is done, and what has to come of it.
struct ConformanceCase: Sendable {
    let file: String
    let line: Int
    let title: String
    /// The numbers of the rules that it checks.
    var rules: [String] = []
    var subject = CaseSubject.server
    /// Where it can run.
    var transports = Set(CaseTransport.allCases)
    /// How the subject is configured, by name.
    var settings: [String: String] = [:]
    /// Types of frames that may come where nothing is said of them.
    var allowedTypes: Set<UInt8> = []
    var steps: [CaseStep] = []
    /// How often the steps from an index on are to be done, where `end` has not come yet.
    var repetition: Repetition?

    struct Repetition {
        let count: Int
        let firstStep: Int
    }
}

/// A line of a case.
struct CaseStep: Sendable {
    let line: Int
    /// The line as it stands in the file.
    let text: String
    let action: CaseAction
}

/// What a line of a case says.
enum CaseAction: Hashable, Sendable {
    // What the suite does.
    case connect([String: String])
    /// Sends a frame so many times. What is held goes out with what is sent next.
    case send(FrameText, count: Int, isHeld: Bool, isBytewise: Bool)
    case sendBytes([Part], isHeld: Bool)
    case advance(milliseconds: UInt64)
    /// Takes nothing of what comes from now on, or again.
    case stall(Bool)
    /// Tells the subject to stop.
    case drain
    case close
    case cut
    /// Leaves the connection as it is, and makes another one with the same subject.
    case reconnect

    // What has to come.
    case expect(FrameText, count: Int)
    /// The next expectations may be met in any order.
    case unordered(Int)
    case expectGoAway(reason: UInt64, rule: String?)
    case expectClose
    case expectRefusal
    case expectNothing

    // What a subject that is a client is told to do, and reports.
    case call(ClientCallText)
    case write(call: String, [UInt8])
    case finish(call: String)
    case cancel(call: String)
    case expectResponse(call: String, [Part])
    case expectOutcome(call: String, code: UInt64, isNotProcessed: Bool?, [Part]?)
    case expectPending(call: String)
    /// The client has not made the connection that the case is about.
    case expectNoConnection
}

/// A call that a client is told to make.
struct ClientCallText: Hashable, Sendable {
    let name: String
    let method: String
    var text: [UInt8] = []
    var timeoutMilliseconds: UInt64?
    var key: [UInt8]?
    var resume: [UInt64]?
}

/// Something that no bytes can show, and the test that shows it.
struct ShownElsewhere: Sendable {
    let file: String
    let line: Int
    let rule: String
    /// The target and the name of the test: `CabinetTLSTests/aTest`.
    let test: String
    let reason: String
}
