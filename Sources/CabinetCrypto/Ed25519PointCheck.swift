/// What makes 32 bytes unfit to be an Ed25519 public key.
///
/// RFC 8032 leaves open whether keys that are not reduced, and points of small order, are refused.
/// They are here: under the latter, signatures exist that anybody can make.
enum Ed25519PointCheck {
    /// Whether the encoded y is below p = 2^255 − 19 and the point is not of order 1, 2, 4 or 8.
    /// That it is on the curve at all shows when a signature is verified.
    static func accepts(_ encoded: some Collection<UInt8>) -> Bool {
        var y = Array(encoded)
        guard y.count == 32 else { return false }
        y[31] &= 0x7f  // the sign of x
        return isReduced(y) && !smallOrder.contains(y)
    }

    private static func isReduced(_ y: [UInt8]) -> Bool {
        y[31] != 0x7f || y[0] < 0xed || y[1..<31].contains { $0 != 0xff }
    }

    /// The y coordinates of the eight points whose order divides the cofactor 8, little-endian:
    /// 0 (order 4), 1 (order 1), p − 1 (order 2), and the two of order 8.
    private static let smallOrder: [[UInt8]] = [
        [UInt8](repeating: 0, count: 32),
        [1] + [UInt8](repeating: 0, count: 31),
        [0xec] + [UInt8](repeating: 0xff, count: 30) + [0x7f],
        [
            0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef,
            0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88,
            0x6d, 0x53, 0xfc, 0x05,
        ],
        [
            0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10,
            0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77,
            0x92, 0xac, 0x03, 0x7a,
        ],
    ]
}
