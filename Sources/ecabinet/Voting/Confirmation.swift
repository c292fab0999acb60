import CabinetLocks
import CommandSupport
import Foundation

/// Asks the person at the terminal before something is done that cannot be taken back.
struct Confirmation: Sendable {
    let console: Console

    /// Waits for the answer.
    ///
    /// - Throws: ``Failure`` where the answer is no, and where there is nobody to ask.
    func ask(_ question: Phrase) async throws {
        guard !console.isJSON, isatty(STDIN_FILENO) == 1 else { throw Failure.nobodyToAsk }
        let keys = Phrase(" [y/N] ", vi: " [c/K] ").text(in: console.language)
        let text = question.text(in: console.language) + keys
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
        let answer = await TerminalLine.read()
        if Task.isCancelled { throw CancellationError() }
        let agreed = ["y", "yes", "c", "có", "co"]
        guard let answer, agreed.contains(answer.trimmingCharacters(in: .whitespaces).lowercased())
        else { throw Failure.notConfirmed }
    }
}

/// A line that somebody types.
private enum TerminalLine {
    /// Reads a line on a thread of its own, which outlives a task that is cancelled.
    ///
    /// - Returns: `nil` at the end of the input, and where the task was cancelled.
    static func read() async -> String? {
        let once = Guarded<CheckedContinuation<String?, Never>?>(nil)
        @Sendable func answer(_ text: String?) {
            let waiting = once.withLock { waiting in
                defer { waiting = nil }
                return waiting
            }
            waiting?.resume(returning: text)
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                once.withLock { $0 = continuation }
                if Task.isCancelled { return answer(nil) }
                Thread.detachNewThread { answer(readLine()) }
            }
        } onCancel: {
            answer(nil)
        }
    }
}

extension Failure {
    fileprivate static let nobodyToAsk = Failure(
        .usage,
        "CONFIRMATION_REQUIRED",
        Phrase(
            "nothing was done: there is no terminal to ask at",
            vi: "chưa làm gì: không có cửa sổ dòng lệnh để hỏi lại"
        ),
        advice: Phrase(
            "say with --yes that it is to be done",
            vi: "thêm --yes để xác nhận"
        )
    )

    fileprivate static let notConfirmed = Failure(
        .notConfirmed,
        "NOT_CONFIRMED",
        Phrase("nothing was done", vi: "chưa làm gì"),
        because: Phrase("the answer was not yes", vi: "câu trả lời không phải là có"),
        advice: Phrase(
            "give the command again, and answer with y, where it is to be done",
            vi: "nếu muốn thực hiện, hãy chạy lại lệnh và trả lời c"
        )
    )
}
