internal import CabinetMapping
internal import CabinetModel

extension MinutesBundle {
    /// The bundle as one file, for `tar --extract`: a folder ``folderName`` with all files, whose time is
    /// that of the log's last entry. The same log gives the same bytes.
    ///
    /// - Throws: ``MinutesError/path(_:)`` where a name does not fit, which no bundle has.
    public func tar() throws(MinutesError) -> [UInt8] {
        var archive: [UInt8] = []
        archive.reserveCapacity(files.reduce(1 << 10) { $0 + $1.bytes.count + 1_024 })
        for file in files {
            let name = "\(folderName)/\(file.path)"
            guard
                let header = TarFormat.header(
                    name: name,
                    byteCount: file.bytes.count,
                    time: tarTime
                )
            else { throw .path(name) }
            archive += header
            archive += file.bytes
            archive += repeatElement(0, count: TarFormat.paddingCount(after: file.bytes.count))
        }
        return archive + TarFormat.end
    }

    /// Seconds since 1970.
    var tarTime: Int64 { (report.state.lastTime?.unixMilliseconds ?? 0) / 1_000 }
}
