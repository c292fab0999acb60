internal import CabinetCrypto

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

extension WritingTarget {
    /// The files of minutes that may be replaced: each of them is as it was written, by their manifest, and
    /// nothing else is with them. They are read whole.
    ///
    /// A file that is missing is no hindrance: nothing of it can be lost.
    ///
    /// - Parameter path: Where they are.
    /// - Throws: ``MinutesFileError/notMinutes(path:)``; ``MinutesFileError/foreignFile(_:in:)`` where something
    ///   is with them that their manifest does not list; ``MinutesFileError/changedFile(_:in:)`` where a file is
    ///   not what it says. All name the target.
    func formerFiles(at path: String) throws(MinutesFileError) -> Set<BundlePath> {
        let contents = try formerContents(at: path)
        guard let manifestPath = BundlePath(Manifest.name),
            let optionsPath = BundlePath("bundle.json"),
            let bytes = contents.files[manifestPath],
            let options = contents.files[optionsPath], MinutesOptions.isOfAnyFormat(options),
            let manifest = try? Manifest(parsing: bytes)
        else { throw .notMinutes(path: self.path) }
        var digests = Dictionary(
            uniqueKeysWithValues: manifest.digests.map { ($0.path, $0.digest) }
        )
        guard digests[optionsPath] != nil else { throw .notMinutes(path: self.path) }
        digests[manifestPath] = SHA256.digest(of: bytes)
        let foreign =
            contents.foreign.map(\.path)
            + contents.files.keys.filter { digests[$0] == nil }.map(\.text)
        if let first = foreign.min() { throw .foreignFile(first, in: self.path) }
        let changed = contents.files.filter { digests[$0.key] != SHA256.digest(of: $0.value) }
        if let first = changed.keys.min() { throw .changedFile(first.text, in: self.path) }
        return Set(digests.keys)
    }

    /// What is in a folder, or in a tar of minutes.
    private func formerContents(at path: String) throws(MinutesFileError) -> BundleContents {
        do throws(MinutesFileError) {
            let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK
            let file = try FileDescriptor(path, flags: flags, path: self.path)
            switch try file.kind() {
            case .folder where isFolder:
                return try FolderReader.read(file, path: self.path)
            case .file where !isFolder:
                let bytes = try file.contents(limit: MinutesLimits.tarBytes)
                guard let contents = try? BundleContents(tar: bytes) else { break }
                return contents
            case .file, .folder, .special:
                break
            }
        } catch .system(.open, self.path, let code) where code == ELOOP || code == ENXIO {
            throw .notMinutes(path: self.path)
        } catch .tooLarge {
            throw .notMinutes(path: self.path)
        }
        throw .notMinutes(path: self.path)
    }
}
