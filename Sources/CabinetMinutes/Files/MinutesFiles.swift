#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Reads minutes from a folder or a tar.
public enum MinutesFiles {
    /// What is in a folder, or in a tar beside one.
    ///
    /// No symbolic link in a folder is followed, and nothing of a tar is unpacked.
    ///
    /// - Throws: ``MinutesFileError``.
    public static func read(_ path: String) throws(MinutesFileError) -> BundleContents {
        let file = try FileDescriptor(path, flags: O_RDONLY | O_NONBLOCK, path: path)
        switch try file.kind() {
        case .folder:
            return try FolderReader.read(file, path: path)
        case .file:
            let bytes = try file.contents(limit: MinutesLimits.tarBytes)
            do throws(TarError) {
                return try BundleContents(tar: bytes)
            } catch {
                throw .tar(error)
            }
        case .special:
            throw .unusable(path: path)
        }
    }
}
