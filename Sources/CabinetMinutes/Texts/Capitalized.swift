/// A text with a capital at its beginning: the words of CabinetTexts are for the middle of a sentence.
func capitalized(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
