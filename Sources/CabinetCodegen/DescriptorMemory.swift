internal import CProtobufC
internal import Foundation

/// Owns the memory of unpacked descriptors, and gives it back all at once.
///
/// Rewriting drops some parts of the descriptors and shares others, so they cannot be freed one by
/// one as protobuf-c would.
final class DescriptorMemory {
    private var blocks: [UnsafeMutableRawPointer] = []

    deinit {
        for block in blocks { free(block) }
    }

    /// Runs a generated unpack function with this memory.
    func unpack<C>(
        _ bytes: [UInt8],
        _ unpack: (UnsafeMutablePointer<ProtobufCAllocator>, Int, UnsafePointer<UInt8>?) -> C?
    ) -> C? {
        var allocator = ProtobufCAllocator(
            alloc: { memory, byteCount in
                memory.map {
                    Unmanaged<DescriptorMemory>.fromOpaque($0).takeUnretainedValue()
                        .allocate(byteCount)
                }
            },
            free: { _, _ in },
            allocator_data: Unmanaged.passUnretained(self).toOpaque()
        )
        return withExtendedLifetime(self) {
            bytes.withUnsafeBufferPointer { unpack(&allocator, $0.count, $0.baseAddress) }
        }
    }

    func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer {
        let block = UnsafeMutableRawPointer(malloc(max(byteCount, 1)))
        // The generator is a command that runs once: without memory it can only end.
        guard let block else { fatalError("out of memory") }
        blocks.append(block)
        return block
    }

    func allocate<C>(_ type: C.Type, count: Int = 1) -> UnsafeMutablePointer<C> {
        allocate(MemoryLayout<C>.stride * count).bindMemory(to: type, capacity: count)
    }

    /// A copy of a string, NUL-terminated.
    func string(_ string: String) -> UnsafeMutablePointer<CChar> {
        string.withCString { characters in
            let count = strlen(characters) + 1
            let copy = allocate(CChar.self, count: count)
            copy.initialize(from: characters, count: count)
            return copy
        }
    }
}
