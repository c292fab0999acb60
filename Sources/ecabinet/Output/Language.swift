public import ArgumentParser
public import CabinetTexts

/// A language that people are addressed in.
typealias Language = CabinetTexts.Language

extension CabinetTexts.Language: ExpressibleByArgument {}
