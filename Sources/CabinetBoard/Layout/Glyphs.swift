/// The signs that the board is drawn with. Each takes one cell.
struct Glyphs: Hashable, Sendable {
    let ellipsis: String
    let rule: String
    let separator: String
    let current: String
    let live: String
    let offline: String
    let filled: String
    let against: String
    let abstaining: String
    let empty: String
    let needed: String
    let seats: SeatGlyphs

    static let unicode = Glyphs(
        ellipsis: "…",
        rule: "─",
        separator: " · ",
        current: "▶",
        live: "●",
        offline: "○",
        filled: "█",
        against: "▓",
        abstaining: "▒",
        empty: "░",
        needed: "│",
        seats: SeatGlyphs(
            inFavour: "●",
            against: "×",
            abstaining: "◇",
            voted: "■",
            room: "□",
            remote: "◦",
            linkLost: "!",
            away: "·"
        )
    )

    static let ascii = Glyphs(
        ellipsis: "..",
        rule: "-",
        separator: " - ",
        current: ">",
        live: "*",
        offline: "o",
        filled: "#",
        against: "x",
        abstaining: "=",
        empty: ".",
        needed: "|",
        seats: SeatGlyphs(
            inFavour: "+",
            against: "x",
            abstaining: "=",
            voted: "#",
            room: "o",
            remote: "r",
            linkLost: "!",
            away: "."
        )
    )
}

/// The signs of seats.
struct SeatGlyphs: Hashable, Sendable {
    let inFavour: String
    let against: String
    let abstaining: String
    let voted: String
    let room: String
    let remote: String
    let linkLost: String
    let away: String
}
