import CabinetLedger
import CabinetMapping
import CabinetMinutes
import CabinetTexts

/// The minutes of the meeting, in a folder and a tar beside it.
struct Minutes: Sendable {
    let folder: String
    let fileCount: Int
    /// What the log proves.
    let report: AuditReport

    /// Makes them of the log, and writes them.
    init(
        of record: Record,
        _ key: NoteVerifierKey,
        in language: Language,
        _ workspace: Workspace
    ) throws {
        let bundle = try MinutesBundle(
            of: record.log,
            key: key,
            options: MinutesOptions(language: language)
        )
        folder = workspace.path(bundle.folderName)
        fileCount = bundle.files.count
        report = bundle.report
        try MinutesWriter().write(bundle, folder: folder, withTar: true)
    }
}
