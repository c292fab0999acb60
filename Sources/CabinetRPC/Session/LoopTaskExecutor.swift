internal import NIOCore

/// Runs the tasks of handlers on the event loop of their connection, so that a handler that waits for
/// nothing costs no change of threads.
///
/// What a task calls on an actor runs where that actor wants, and the task comes back here after it.
final class LoopTaskExecutor: TaskExecutor {
    private let eventLoop: any EventLoop

    init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        eventLoop.execute { [self] in
            job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }
}
