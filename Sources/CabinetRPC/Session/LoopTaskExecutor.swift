package import NIOCore

/// Runs the tasks of handlers on the event loop of their connection, so that a handler that waits for
/// nothing costs no change of threads.
///
/// All that such a task runs, runs here: its functions, its child tasks, and the actors that it calls,
/// unless they have an executor of their own (SE-0417). The loop's connections wait meanwhile. A task that
/// the handler makes with `Task { }` or `Task.detached` runs on the threads of the concurrency runtime, and
/// so does what `withTaskExecutorPreference(globalConcurrentExecutor)` stands around. What runs elsewhere
/// comes back here after it.
///
/// `@unchecked Sendable`: what changes in it is used on its event loop alone.
package final class LoopTaskExecutor: TaskExecutor, @unchecked Sendable {
    let eventLoop: any EventLoop
    /// How many pieces of tasks have run here.
    #if !DEBUG
        @exclusivity(unchecked)
    #endif
    private(set) var jobCount: UInt64 = 0

    package init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        eventLoop.execute { [self] in
            jobCount &+= 1
            job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }
}
