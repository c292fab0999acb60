internal import CabinetWire
internal import NIOCore

/// The one timer of a connection.
///
/// It is moved only to an earlier moment. What has become later is found out when it fires: most
/// deadlines are pushed back many times and never due.
struct SessionTimer {
    private let eventLoop: any EventLoop
    private var scheduled: Scheduled<Void>?
    private var moment: Timestamp?

    init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Calls `action` at `deadline` or before.
    mutating func set(_ deadline: Timestamp?, _ action: @escaping () -> Void) {
        guard let deadline else { return }
        if let moment, moment <= deadline { return }
        scheduled?.cancel()
        moment = deadline
        scheduled = eventLoop.assumeIsolated().scheduleTask(
            deadline: NIODeadline(deadline)
        ) { action() }
    }

    /// To be called by the action.
    mutating func fired() {
        scheduled = nil
        moment = nil
    }

    mutating func cancel() {
        scheduled?.cancel()
        scheduled = nil
        moment = nil
    }
}
