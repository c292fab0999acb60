import Foundation
import NIOCore
import NIOEmbedded

/// An event loop that runs on the thread of a case, when the case says so, and whose time the case
/// moves. Other threads may hand it work, which an ``EmbeddedEventLoop`` by itself does not allow.
///
/// `@unchecked Sendable`: all but the inbox is used on the thread of the case alone.
final class CaseEventLoop: EventLoop, @unchecked Sendable {
    private let embedded = EmbeddedEventLoop()
    private let thread = Thread.current
    private let lock = NSLock()
    /// What other threads have handed in.
    private var inbox: [() -> Void] = []

    var inEventLoop: Bool { Thread.current === thread }
    var now: NIODeadline { embedded.now }

    func execute(_ task: @escaping () -> Void) {
        if inEventLoop {
            embedded.execute(task)
        } else {
            lock.withLock { inbox.append(task) }
        }
    }

    func scheduleTask<T>(
        deadline: NIODeadline,
        _ task: @escaping () throws -> T
    ) -> Scheduled<T> {
        preconditionInEventLoop()
        return embedded.scheduleTask(deadline: deadline, task)
    }

    func scheduleTask<T>(in delay: TimeAmount, _ task: @escaping () throws -> T) -> Scheduled<T> {
        scheduleTask(deadline: now + delay, task)
    }

    func shutdownGracefully(
        queue: DispatchQueue,
        _ callback: @escaping @Sendable ((any Error)?) -> Void
    ) {
        queue.async { callback(nil) }
    }

    /// Runs everything that can run.
    func run() {
        repeat {
            let tasks = lock.withLock {
                defer { inbox = [] }
                return inbox
            }
            for task in tasks { embedded.execute(task) }
            embedded.run()
        } while lock.withLock({ !inbox.isEmpty })
    }

    /// Runs until there is what is looked for, which may have to come from another thread, as what
    /// tasks without an executor of their own do.
    ///
    /// - Parameter milliseconds: How long to wait for it.
    func poll<Found>(for milliseconds: Int, _ look: () -> Found?) -> Found? {
        for attempt in 0...milliseconds {
            if attempt > 0 { Thread.sleep(forTimeInterval: 0.001) }
            run()
            if let found = look() { return found }
        }
        return nil
    }

    func advance(by amount: TimeAmount) {
        run()
        embedded.advanceTime(by: amount)
        run()
    }
}

/// Runs tasks on an event loop.
final class LoopExecutor: TaskExecutor {
    private let eventLoop: any EventLoop

    init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        eventLoop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
