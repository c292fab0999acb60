import CabinetBoard
import CabinetLocks
import CabinetModel
import CabinetTexts
import CommandSupport

/// What is told to whoever looks on: lines, and on a terminal the wall board while the meeting goes on.
final class Show: Sendable {
    private struct State {
        var act: Phrase?
        /// What was said while the board stood on the screen: it is said again when it is gone.
        var unseen: [String] = []
        var isRaised = false
        var chronicle = Chronicle()
    }

    let language: Language
    private let screen: Screen?
    private let state = Guarded(State())

    /// - Parameter screen: `nil` where there are to be lines alone.
    init(_ language: Language, screen: Screen?) {
        self.language = language
        self.screen = screen
    }

    /// What is being played.
    var act: Phrase? { state.withLock { $0.act } }

    /// Begins an act.
    func begin(_ act: Phrase) {
        state.withLock { $0.act = act }
        tell("== " + act.text(in: language))
    }

    func say(_ phrase: Phrase) {
        tell(phrase.text(in: language))
    }

    /// Says something that is the same in every language, as another program has said it.
    func quote(_ lines: [String]) {
        for line in lines { tell("    " + line.sanitized) }
    }

    private func tell(_ line: String) {
        let isRaised = state.withLock { state -> Bool in
            if state.isRaised { state.unseen.append(line) }
            return state.isRaised
        }
        if isRaised, let screen {
            screen.say(line)
        } else {
            Output.say(line)
        }
    }

    // MARK: - The board

    /// Puts the board on the screen, where there is one.
    func raiseCurtain() {
        guard let screen else { return }
        state.withLock { $0.isRaised = true }
        screen.raise()
    }

    /// Gives the screen back, and says what was said meanwhile. To be called at any time.
    func lowerCurtain() {
        guard let screen else { return }
        let unseen = state.withLock { state -> [String]? in
            guard state.isRaised else { return nil }
            state.isRaised = false
            defer { state.unseen = [] }
            return state.unseen
        }
        guard let unseen else { return }
        screen.lower()
        for line in unseen { Output.say(line) }
    }

    /// Draws the board again, where it stands: something else was on the terminal meanwhile.
    func redraw() {
        screen?.redraw()
    }

    /// Shows the board, or, line by line, what has changed on it.
    func board(_ scene: BoardScene) {
        if let screen {
            screen.show(scene)
            return
        }
        let news = state.withLock { $0.chronicle.take(scene) }
        for item in news where item.isForLines {
            tell("  | " + item.text(in: language, now: scene.instant))
        }
    }
}

extension News {
    /// Whether it is worth a line: not who comes and who has a link, of which there are many, and not that a
    /// poll is closed, since its verdict comes with that.
    fileprivate var isForLines: Bool {
        switch self {
        case .poll(_, .closed): false
        case .meeting, .currentItem, .poll, .ballot, .verdict: true
        case .condition, .attendance, .removed, .devices, .counts: false
        }
    }
}
