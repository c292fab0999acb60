/// Writes the Swift enum of a proto enum.
struct EnumGenerator {
    let names: SwiftNames
    let access: String

    /// A value with its Swift name. An alias shares the number of a value that stands before it.
    private struct Case {
        var value: EnumValue
        var name: String

        var reference: String { SwiftNames.reference(name) }
    }

    func write(_ type: EnumType, to writer: inout SourceWriter) {
        let all = type.values.map {
            Case(
                value: $0,
                name: SwiftNames.enumCase($0.declaration.name, of: type.declaration.name)
            )
        }
        var numbers: Set<Int32> = []
        let cases = all.filter { numbers.insert($0.value.number).inserted }
        let aliases = all.filter { alias in !cases.contains { $0.name == alias.name } }

        writer.documentation(type.declaration)
        let name = names.declared(type.declaration.fullName)
        writer.block("\(access)enum \(name): MessageEnum") { writer in
            for item in cases {
                writer.documentation(item.value.declaration)
                writer.line("case \(item.name)")
            }
            writer.line("/// A number that this version of the schema does not know.")
            writer.line("case unrecognized(Int32)")
            for alias in aliases {
                guard let item = cases.first(where: { $0.value.number == alias.value.number })
                else {
                    continue
                }
                writer.line()
                writer.documentation(alias.value.declaration)
                writer.line("\(access)static let \(alias.name) = Self.\(item.reference)")
            }
            writer.line()
            writer.line("/// The values that this version of the schema knows.")
            writer.list(
                "\(access)static let allCases: [Self] = [",
                cases.map { "." + $0.reference },
                "]"
            )
            writer.line()
            writer.block("\(access)init(rawValue: Int32)") { writer in
                writer.line("switch rawValue {")
                for item in cases {
                    writer.line("case \(item.value.number): self = .\(item.reference)")
                }
                writer.line("default: self = .unrecognized(rawValue)")
                writer.line("}")
            }
            writer.line()
            writer.block("\(access)var rawValue: Int32") { writer in
                writer.line("switch self {")
                for item in cases {
                    writer.line("case .\(item.reference): \(item.value.number)")
                }
                writer.line("case .unrecognized(let number): number")
                writer.line("}")
            }
        }
    }
}
