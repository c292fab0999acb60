import ArgumentParser
import CabinetRPC
import Foundation

/// `ecabinet call`.
struct CallCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "call",
        abstract: "Calls any method of the server by its name, with a body in JSON.",
        discussion: """
            The server says itself which methods it has and what their messages are, so that this needs no \
            schema.

              ecabinet call --list
              ecabinet call --describe cabinet.v1.DirectoryService.ListPrincipals
              ecabinet call cabinet.v1.DirectoryService.ListPrincipals '{"query": "thanh", "page_size": 5}'
              ecabinet call cabinet.v1.LiveService.FollowPresence @request.json --count 3

            JSON is that of proto3: names are those of the schema or their lowerCamelCase, integers of 64 \
            bits are texts, bytes are Base64, enums go by their names. Responses have the names of the \
            schema. The responses of a stream are one document each, and with --json one on each line. An \
            event of a channel is {"epoch", "sequence", "is_snapshot", "event"}. Methods with a stream of \
            requests cannot be called.
            """
    )

    @Argument(
        help: ArgumentHelp(
            "The full name of a method, as cabinet.v1.DirectoryService.GetSelf; with --list, a service.",
            valueName: "name"
        )
    )
    var name: String?

    @Argument(
        help: ArgumentHelp(
            "The request: JSON, @FILE, or - for standard input. Otherwise {}.",
            valueName: "body"
        )
    )
    var body: String?

    @Flag(help: "List the server's services and methods.")
    var list = false

    @Flag(help: "Describe a service, method, message or enum in place of calling.")
    var describe = false

    @Option(
        help: ArgumentHelp("End a stream after so many responses.", valueName: "number")
    )
    var count: Int?

    @Option(
        help: ArgumentHelp(
            "The key of a command, 32 hexadecimal digits, by which the server knows it when it is repeated.",
            valueName: "key"
        )
    )
    var idempotencyKey: String?

    @Flag(help: "Print fields with their default value as well.")
    var emitDefaults = false

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func validate() throws {
        guard !(list && describe) else {
            throw ValidationError("--list and --describe are for one call each.")
        }
        guard list || name != nil else {
            throw ValidationError("Name a method; --list says which there are.")
        }
        guard body == nil || !(list || describe) else {
            throw ValidationError("A body is for a call.")
        }
        guard count ?? 1 >= 1 else { throw ValidationError("--count is at least 1.") }
        guard idempotencyKey == nil || key != nil else {
            throw ValidationError("--idempotency-key has 32 hexadecimal digits.")
        }
    }

    func run(on console: Console) async throws {
        // What is wrong with the body is said before anybody is asked.
        let body = try list || describe ? nil : RequestBody.read(body)
        try await connection.withSession(console) { session in
            let schema = ServerSchema(session.rpc, timeout: session.settings.timeout)
            let name = name.map { $0.replacing("/", with: ".") }
            if list {
                try await console.show(ServiceReport(services: schema.services(), filter: name))
            } else if let name, describe {
                try await console.show(SymbolDescription.of(name, in: schema))
            } else if let name, let body {
                try await call(name, body, schema, session)
            }
        }
    }

    private func call(
        _ name: String,
        _ body: JSONValue,
        _ schema: ServerSchema,
        _ session: Session
    ) async throws {
        let info = try await schema.method(name)
        guard let method = MethodDescription(info) else {
            throw Failure(
                .usage,
                "METHOD_SHAPE",
                Phrase(
                    untranslated:
                        "\(name) takes a stream of requests, and cannot be called from here"
                ),
                advice: Phrase(
                    untranslated:
                        "no method of meetings does, those of cabinet.v1.DiagnosticsService alone; a program calls them through its client"
                )
            )
        }
        let types = try await schema.descriptors(for: info.name)
        let request: [UInt8]
        do throws(MessageJSONError) {
            request = try MessageEncoder(schema: types).encode(body, as: info.requestName)
        } catch {
            throw Failure(
                .badData,
                "JSON_DOES_NOT_FIT",
                Phrase(untranslated: "the body is no \(info.requestName)"),
                because: Phrase(untranslated: "\(error)"),
                advice: Phrase(
                    untranslated: "«ecabinet call --describe \(info.requestName)» says what it is"
                ),
                attributes: [.init("path", .string(error.path))]
            )
        }
        try await DynamicCall(
            method: method,
            decoder: MessageDecoder(schema: types, writesDefaults: emitDefaults),
            session: session,
            count: count,
            key: key
        ).run(request)
    }

    private var key: IdempotencyKey? {
        idempotencyKey.flatMap(Hexadecimal.bytes).flatMap(IdempotencyKey.init)
    }
}
