import CabinetTexts
import CommandSupport

/// Why the demo ends without success, for people.
struct DemoFailure: Error {
    enum Code: Int32, CaseIterable {
        case failed = 1
        case notReady = 69
        case wrongFolder = 73
        case interrupted = 130

        var meaning: String {
            switch self {
            case .failed: "something failed, or did not verify"
            case .notReady: "a program or a verifier is missing"
            case .wrongFolder: "the folder cannot be used"
            case .interrupted: "it was interrupted"
            }
        }
    }

    let code: Code
    private let vietnamese: String
    private let english: String

    init(_ code: Code = .failed, vi: String, en: String) {
        self.code = code
        vietnamese = vi
        english = en
    }

    /// Says where something went wrong.
    ///
    /// - Parameter act: What was being done; `nil` before the first.
    init(_ error: any Error, while act: Phrase?) {
        let inner: DemoFailure
        switch error {
        case let failure as DemoFailure: inner = failure
        case is CancellationError:
            inner = .interrupted
        default: inner = DemoFailure(vi: "\(error)", en: "\(error)")
        }
        guard let act, inner.code != .interrupted else {
            self = inner
            return
        }
        self.init(
            inner.code,
            vi: "\(act.vietnamese): \(inner.vietnamese)",
            en: "\(act.english): \(inner.english)"
        )
    }

    static let interrupted = DemoFailure(.interrupted, vi: "đã bị ngắt", en: "interrupted")

    func text(in language: Language) -> String {
        language.text(vi: vietnamese, en: english)
    }

    /// With where to look.
    func with(_ workspace: Workspace) -> DemoFailure {
        DemoFailure(
            code,
            vi: vietnamese + "\nNhật ký của máy chủ và mọi tệp: \(workspace.folder)",
            en: english + "\nThe server's log and everything else is in \(workspace.folder)"
        )
    }

    /// For `--help`.
    static var documentation: String {
        ExitCodes.documentation(
            [(0, "everything was played and verified")]
                + Code.allCases.map { ($0.rawValue, $0.meaning) }
                + [(64, "the command line is wrong")]
        )
    }
}

/// A text in both languages.
struct Phrase: Sendable {
    let vietnamese: String
    let english: String

    init(vi: String, en: String) {
        vietnamese = vi
        english = en
    }

    func text(in language: Language) -> String { language.text(vi: vietnamese, en: english) }
}
