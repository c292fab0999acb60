/// What is refused before any work is done on it. All in bytes unless the name says otherwise.
public enum MinutesLimits {
    /// The longest log file that minutes are made of: they are made in memory. The ballots of 600
    /// members in 200 polls take 180 MB.
    public static let logBytes = 256 << 20

    /// The longest file of a bundle: `ledger/entries.jsonl` of the longest log.
    public static let fileBytes = 512 << 20

    /// All files of a bundle together.
    public static let bundleBytes = 1 << 30

    /// The longest tar: the files, and a header, what fills up the last block, and as much again for folders.
    public static let tarBytes = bundleBytes + fileCount * 2_048

    /// Files of a bundle: three for each of 120,000 ballots, and what is beside them.
    public static let fileCount = 400_000

    /// A manifest: 64 digits, two spaces, a path and a newline for each file.
    public static let manifestBytes = fileCount * (67 + BundlePath.maximumBytes)

    /// Findings that a report keeps. Further ones are counted.
    public static let findings = 200
}
