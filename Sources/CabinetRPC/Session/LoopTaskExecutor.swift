internal import NIOCore

/// Runs the tasks of handlers on the event loop of their connection, so that a handler that waits for
/// nothing costs no change of threads.
///
/// All that such a task runs, runs here: its functions, its child tasks, and the actors that it calls,
/// unless they have an executor of their own (SE-0417). The loop's connections wait meanwhile. A task that
/// the handler makes with `Task { }` or `Task.detached` runs on the threads of the concurrency runtime, and
/// so does what `withTaskExecutorPreference(globalConcurrentExecutor)` stands around. What runs elsewhere
/// comes back here after it.
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
