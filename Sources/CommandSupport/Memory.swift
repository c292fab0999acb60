internal import CMalloc

/// How the process handles the memory that it frees.
public enum Memory {
    /// Freed memory that each of malloc's arenas keeps: what a busy second takes.
    private static let keptBytes: Int32 = 16 << 20
    /// Larger pieces are the system's own, and go back to it at once.
    private static let largePieceBytes: Int32 = 4 << 20

    /// Keeps freed memory for what comes next. What one thread makes another frees, a moment later: malloc
    /// would give the end of its heap back, and ask for it again, more than once for two votes.
    public static func keepFreed() {
        mallopt(M_TRIM_THRESHOLD, keptBytes)
        // Without this the one above would set it to 128 KiB for good.
        mallopt(M_MMAP_THRESHOLD, largePieceBytes)
    }
}
