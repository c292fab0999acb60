internal import CabinetDocuments
internal import CabinetModel
internal import CabinetTexts

/// The minutes as a page: `minutes.html`. It has no scripts and needs no other file.
struct MinutesPage {
    let record: MinutesRecord
    let options: MinutesOptions

    /// The bytes of the file.
    var file: [UInt8] { Array((page.markup + "\n").utf8) }

    var language: Language { options.language }

    func text(_ vietnamese: String, _ english: String) -> String {
        language.text(vi: vietnamese, en: english)
    }

    private var page: HTML {
        let title = record.meeting.title
        let kind = text("Biên bản phiên họp", "Minutes of the meeting")
        return HTML(lines: [
            """
            <!DOCTYPE html>
            <html lang="\(language.rawValue)">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>\(kind): \(title.value)</title>
            <style>
            """,
            HTML(stringLiteral: PageStyle.css),
            """
            </style>
            </head>
            <body>
            <header>
            <p class="kind">\(kind)</p>
            <h1>\(title)</h1>
            <p class="under">\(text("Mã phiên họp", "Meeting")) \(record.log.meeting.text)</p>
            </header>
            """,
            notices,
            timeSection,
            participantSection,
            agendaSection,
            pollSection,
            courseSection,
            proofSection,
            signatures,
            footer,
            "</body>\n</html>",
        ])
    }

    // MARK: - Parts that sections have in common

    func section(_ title: String, _ content: HTML) -> HTML {
        """
        <section>
        <h2>\(title)</h2>
        \(content)
        </section>
        """
    }

    /// A list of terms. Those without a description are left out.
    func terms(_ pairs: [(String, HTML?)]) -> HTML {
        let lines = pairs.compactMap { term, description in
            description.map { "<dt>\(term)</dt><dd>\($0)</dd>" as HTML }
        }
        return "<dl>\n\(HTML(lines: lines))\n</dl>"
    }

    /// A table. Columns whose title begins with «#» have numbers.
    func table(_ columns: [String], _ rows: [[HTML]]) -> HTML {
        let numeric = columns.map { $0.hasPrefix("#") }
        let heads = zip(columns, numeric).map { title, isNumber in
            let title = isNumber ? String(title.dropFirst()) : title
            return isNumber ? "<th class=\"n\">\(title)</th>" as HTML : "<th>\(title)</th>"
        }
        let lines = rows.map { row in
            let cells = zip(row, numeric).map { cell, isNumber in
                isNumber ? "<td class=\"n\">\(cell)</td>" as HTML : "<td>\(cell)</td>"
            }
            return "<tr>\(HTML(lines: cells))</tr>" as HTML
        }
        return """
            <table>
            <thead><tr>\(HTML(lines: heads))</tr></thead>
            <tbody>
            \(HTML(lines: lines))
            </tbody>
            </table>
            """
    }

    func list(_ items: [HTML]) -> HTML {
        "<ul>\n\(HTML(lines: items.map { "<li>\($0)</li>" }))\n</ul>"
    }

    /// «09:30:05, ngày 24 tháng 6 năm 2019».
    func dateAndTime(_ moment: Moment) -> HTML {
        let local = Timestamp(moment, at: options.utcOffset)
        let date = text(
            "ngày \(local.day) tháng \(local.month) năm \(local.year)",
            "\(local.day) \(Self.months[local.month - 1]) \(local.year)"
        )
        return "<time datetime=\"\(local.iso8601)\">\(local.clock), \(date)</time>"
    }

    func time(_ moment: Moment) -> HTML {
        let local = Timestamp(moment, at: options.utcOffset)
        return "<time datetime=\"\(local.iso8601)\">\(local.clock)</time>"
    }

    /// The name of a member, and the office where there is one.
    func person(_ participant: Participant?, _ id: PrincipalID) -> HTML {
        guard let participant else { return "\(id.text)" }
        guard let office = participant.office else { return "\(participant.displayName)" }
        return "\(participant.displayName), \(office)"
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ]
}
