import CabinetCodegen
import Foundation

let usage = """
    protoc-gen-cabinet: a protoc plugin that generates Swift for the Cabinet Wire Protocol.

    protoc --plugin=protoc-gen-cabinet=PATH --cabinet_out=FOLDER \\
        --cabinet_opt=c_module=CExample example.proto

    Options, separated by commas:
      c_module=NAME       the module of the generated C (required)
      visibility=LEVEL    public, package or internal (default) Swift
      services=SIDES      both (default), client, server or none
      swift_dir=FOLDER    where the Swift goes, in the output folder
      c_dir=FOLDER        where the C goes, in the output folder
      schema=NAME         the enum with the schema's hash, messages and descriptors (default
                          Schema)
      swift_module=NAME   the module that the Swift is part of, if the Swift would import it
      import=MODULE       a module with the types of an imported schema; may be repeated
      registry=FILE       the record of published method numbers, which are checked against it;
                          the record with new methods added is written to the output folder
      protoc_gen_c=PATH   the program protoc-gen-c (default: the one in PATH)

    """

if CommandLine.arguments.count > 1 {
    let asksForHelp = ["--help", "-h"].contains(CommandLine.arguments[1])
    (asksForHelp ? FileHandle.standardOutput : .standardError).write(Data(usage.utf8))
    exit(asksForHelp ? 0 : 64)
}

do {
    let request = try FileHandle.standardInput.readToEnd() ?? Data()
    let response = try Plugin.run(request: [UInt8](request))
    try FileHandle.standardOutput.write(contentsOf: Data(response))
} catch {
    FileHandle.standardError.write(Data("protoc-gen-cabinet: \(error)\n".utf8))
    exit(65)
}
