internal import CabinetDocuments

/// Curves over one axis, as inline SVG, with its legend and with its figures as a table for whoever
/// cannot see it.
struct Chart {
    struct Curve {
        enum Style: String {
            // Told apart by their dashes as well as by colours: the palette of Okabe and Ito.
            case first = "c1"
            case second = "c2"
            case third = "c3"
            case fourth = "c4"
            case fifth = "c5"
            case error = "ce"
        }

        enum Shape {
            case line
            /// A line with what is below it.
            case area
            /// From below to each value.
            case bars
        }

        let name: String
        let style: Style
        var shape = Shape.line
        /// `nil` where there is nothing to show, and the curve is interrupted.
        let points: [(x: Double, y: Double)?]
    }

    struct Mark {
        let x: Double
        let label: String
    }

    let title: String
    /// What one has to know to read it, and what is to be seen.
    let summary: String
    let xTitle: String
    let yTitle: String
    let xAxis: Axis
    let yAxis: Axis
    let curves: [Curve]
    var marks: [Mark] = []
    var table: HTML = .nothing

    /// The units of the drawing; on a telephone these are pixels.
    private static let size = (width: 480.0, height: 296.0)
    private static let plot = (left: 58.0, right: 470.0, top: 48.0, bottom: 248.0)

    private func x(_ value: Double) -> Double {
        Self.plot.left + xAxis.position(value) * (Self.plot.right - Self.plot.left)
    }

    private func y(_ value: Double) -> Double {
        Self.plot.bottom - yAxis.position(value) * (Self.plot.bottom - Self.plot.top)
    }

    /// - Parameter id: Of which there is only one on the page.
    func html(id: String) -> HTML {
        """
        <figure class="chart">
        <figcaption>\(title)</figcaption>
        \(legend)
        <svg viewBox="0 0 \(text(Self.size.width)) \(text(Self.size.height))" role="img" \
        aria-labelledby="\(id)-title \(id)-summary" xmlns="http://www.w3.org/2000/svg">
        <title id="\(id)-title">\(title)</title>
        <desc id="\(id)-summary">\(summary)</desc>
        \(grid)
        \(HTML(lines: curves.map(drawing)))
        \(HTML(lines: drawnMarks))
        </svg>
        \(details)
        </figure>
        """
    }

    private var details: HTML {
        guard !table.markup.isEmpty else { return .nothing }
        return """
            <details><summary>The figures of this chart</summary>
            <div class="scroll">\(table)</div>
            </details>
            """
    }

    private var legend: HTML {
        let entries = curves.map { curve in
            """
            <li><svg class="swatch" viewBox="0 0 30 10" aria-hidden="true" \
            xmlns="http://www.w3.org/2000/svg">\(swatch(curve))</svg>\(curve.name)</li>
            """ as HTML
        }
        return "<ul class=\"legend\">\n\(HTML(lines: entries))\n</ul>"
    }

    private func swatch(_ curve: Curve) -> HTML {
        switch curve.shape {
        case .line: "<path class=\"line \(curve.style.rawValue)\" d=\"M1 5H29\"/>"
        case .area, .bars:
            "<rect class=\"\(fill(curve.shape)) \(curve.style.rawValue)\" width=\"30\" height=\"10\"/>"
        }
    }

    private func fill(_ shape: Curve.Shape) -> String { shape == .area ? "area" : "bar" }

    // MARK: - Axes

    private var grid: HTML {
        let (left, right) = (Self.plot.left, Self.plot.right)
        let (top, bottom) = (Self.plot.top, Self.plot.bottom)
        let horizontal = yAxis.ticks.map { tick in
            let y = bottom - tick.position * (bottom - top)
            return """
                <path class="grid" d="M\(text(left)) \(text(y))H\(text(right))"/>\
                <text x="\(text(left - 5))" y="\(text(y + 4))" text-anchor="end">\(tick.label)</text>
                """ as HTML
        }
        let vertical = xAxis.ticks.map { tick in
            let x = left + tick.position * (right - left)
            // A label in the corner must not leave the drawing.
            let anchor = x > right - 15 ? "end" : "middle"
            return """
                <path class="grid" d="M\(text(x)) \(text(top))V\(text(bottom))"/>\
                <text x="\(text(min(x, Self.size.width - 2)))" y="\(text(bottom + 17))" \
                text-anchor="\(anchor)">\(tick.label)</text>
                """ as HTML
        }
        return """
            \(HTML(lines: horizontal + vertical))
            <path class="axis" d="M\(text(left)) \(text(top))V\(text(bottom))H\(text(right))"/>
            <text class="name" x="\(text((left + right) / 2))" y="\(text(Self.size.height - 8))" \
            text-anchor="middle">\(xTitle)</text>
            <text class="name" x="4" y="14">\(yTitle)</text>
            """
    }

    // MARK: - Curves

    private func drawing(_ curve: Curve) -> HTML {
        let style = curve.style.rawValue
        let runs = curve.points.split(whereSeparator: { $0 == nil }).map { run in
            run.compactMap { $0 }.map { (x: x($0.x), y: y($0.y)) }
        }
        if curve.shape == .bars {
            let bars = runs.joined().map { point in
                // What is little is to be seen as well.
                let top = min(point.y, Self.plot.bottom - 3)
                return "M\(text(point.x)) \(text(Self.plot.bottom))V\(text(top))"
            }
            return "<path class=\"bar \(style)\" d=\"\(bars.joined())\"/>"
        }
        let lines = runs.filter { $0.count > 1 }.map { run in
            "M" + run.map { "\(text($0.x)) \(text($0.y))" }.joined(separator: "L")
        }
        let areas = runs.filter { curve.shape == .area && $0.count > 1 }.map { run in
            let (first, last) = (run.first?.x ?? 0, run.last?.x ?? 0)
            return "M\(text(first)) \(text(Self.plot.bottom))L"
                + run.map { "\(text($0.x)) \(text($0.y))" }.joined(separator: "L")
                + "L\(text(last)) \(text(Self.plot.bottom))Z"
        }
        let dots = runs.filter { $0.count == 1 }.joined().map { point in
            "<circle class=\"dot \(style)\" cx=\"\(text(point.x))\" cy=\"\(text(point.y))\" r=\"3\"/>"
                as HTML
        }
        let area: HTML =
            areas.isEmpty ? .nothing : "<path class=\"area \(style)\" d=\"\(areas.joined())\"/>"
        let line: HTML =
            lines.isEmpty ? .nothing : "<path class=\"line \(style)\" d=\"\(lines.joined())\"/>"
        return "\(area)\(line)\(HTML(lines: dots))"
    }

    private var drawnMarks: [HTML] {
        // Two rows of labels, for marks that are near to each other.
        var last = [-Double.infinity, -Double.infinity]
        return marks.map { mark in
            let x = x(mark.x)
            let line: HTML = """
                <path class="mark" d="M\(text(x)) \(text(Self.plot.top))V\(text(Self.plot.bottom))"/>
                """
            // Where even more are there, the list below tells which they are.
            let room = 8 + 8 * Double(mark.label.count)
            guard let row = last.firstIndex(where: { x - $0 >= room }) else { return line }
            last[row] = x
            let y = Self.plot.top - 6 - 14 * Double(row)
            return """
                \(line)<text class="mark" x="\(text(x))" y="\(text(y))" \
                text-anchor="middle">\(mark.label)</text>
                """
        }
    }

    /// A coordinate to a tenth.
    private func text(_ value: Double) -> String { fixed(value, 1) }
}
