import CabinetRPC

/// The services and methods of a server, as they are printed.
struct ServiceReport: Report {
    private let services: [ServiceInfo]

    /// - Parameter filter: The full name of the only service that is asked for.
    init(services: [ServiceInfo], filter: String?) throws(Failure) {
        self.services = services.filter { filter == nil || $0.name == filter }
        guard let filter, self.services.isEmpty else { return }
        throw Failure(
            .usage,
            "SERVICE_UNKNOWN",
            Phrase(untranslated: "the server has no service «\(filter)»"),
            because: Phrase(untranslated: "it has \(services.map(\.name).joined(separator: ", "))")
        )
    }

    var json: JSONValue {
        .object([.init("services", .array(services.map(json(of:))))])
    }

    private func json(of service: ServiceInfo) -> JSONValue {
        .object([
            .init("name", .string(service.name)),
            .init("methods", .array(service.methods.map(\.json))),
        ])
    }

    func lines(_ style: Style, _ language: Language) -> [String] {
        var table = Table([
            .init("METHOD"), .init("NUMBER", isNumeric: true), .init("SHAPE"), .init("REPEATED"),
        ])
        for method in services.flatMap(\.methods) {
            table.add([
                Table.Cell(method.name, .bold), Table.Cell(String(method.number)),
                Table.Cell(method.shapeName), Table.Cell(method.idempotencyName),
            ])
        }
        return table.lines(style)
    }
}

extension MethodInfo {
    var json: JSONValue {
        .object([
            .init("name", .string(name)),
            .init("number", .integer(Int64(number))),
            .init("shape", .string(shapeName.uppercased())),
            .init("idempotency", .string(idempotencyName.uppercased())),
            .init("request", .string(requestName)),
            .init("response", .string(responseName)),
        ])
    }

    /// In snake_case.
    var shapeName: String {
        switch shape {
        case .unary: "unary"
        case .clientStreaming: "client_streaming"
        case .serverStreaming: "server_streaming"
        case .bidirectional: "bidirectional"
        case .channel: "channel"
        default: "unknown"
        }
    }

    /// What happens when a call is sent again.
    var idempotencyName: String {
        switch idempotency {
        case .safe: "safe"
        case .keyed: "keyed"
        default: "unspecified"
        }
    }
}
