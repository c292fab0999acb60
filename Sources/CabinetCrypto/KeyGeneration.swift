internal import COpenSSL

/// Makes new keys.
enum KeyGeneration {
    private static let rsaModulusBits: Int32 = 3_072

    static func generate(_ algorithm: SignatureAlgorithm) throws(KeyError) -> KeyHandle {
        ErrorQueue.clear()
        let name =
            switch algorithm {
            case .ecdsaP256SHA256: "EC"
            case .rsaPSSSHA256: "RSA"
            case .ed25519: "ED25519"
            }
        guard let context = EVP_PKEY_CTX_new_from_name(nil, name, nil) else {
            throw .library(ErrorQueue.drain(after: "EVP_PKEY_CTX_new_from_name"))
        }
        defer { EVP_PKEY_CTX_free(context) }
        guard EVP_PKEY_keygen_init(context) == 1, setParameters(context, algorithm) == 1 else {
            throw .library(ErrorQueue.drain(after: "EVP_PKEY_keygen_init"))
        }
        var pointer: OpaquePointer?
        guard EVP_PKEY_generate(context, &pointer) == 1, let pointer else {
            throw .library(ErrorQueue.drain(after: "EVP_PKEY_generate"))
        }
        return KeyHandle(adopting: pointer)
    }

    private static func setParameters(
        _ context: OpaquePointer,
        _ algorithm: SignatureAlgorithm
    ) -> Int32 {
        switch algorithm {
        case .ecdsaP256SHA256: EVP_PKEY_CTX_set_group_name(context, "P-256")
        case .rsaPSSSHA256: EVP_PKEY_CTX_set_rsa_keygen_bits(context, rsaModulusBits)
        case .ed25519: 1
        }
    }
}
