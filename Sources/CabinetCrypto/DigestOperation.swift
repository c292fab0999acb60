internal import COpenSSL

/// One signing or verification: owns its `EVP_MD_CTX`, and sets the parameters of the algorithm.
///
/// Calls OpenSSL with an empty error queue, and leaves it empty after a failure.
struct DigestOperation<Failure: Error>: ~Copyable {
    enum Direction {
        case sign
        case verify
    }

    let context: OpaquePointer
    private let makeError: (OpenSSLFailure) -> Failure

    init(_ makeError: @escaping (OpenSSLFailure) -> Failure) throws(Failure) {
        ErrorQueue.clear()
        guard let context = EVP_MD_CTX_new() else {
            throw makeError(ErrorQueue.drain(after: "EVP_MD_CTX_new"))
        }
        self.context = context
        self.makeError = makeError
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    func start(
        _ direction: Direction,
        with key: KeyHandle,
        for algorithm: SignatureAlgorithm
    ) throws(Failure) {
        // Ed25519 hashes by itself.
        let digest: String? = algorithm == .ed25519 ? nil : "SHA256"
        var keyContext: OpaquePointer?  // belongs to the context
        switch direction {
        case .sign:
            let key = key.pointer
            guard EVP_DigestSignInit_ex(context, &keyContext, digest, nil, nil, key, nil) == 1
            else { throw failure(after: "EVP_DigestSignInit_ex") }
        case .verify:
            let key = key.pointer
            guard EVP_DigestVerifyInit_ex(context, &keyContext, digest, nil, nil, key, nil) == 1
            else { throw failure(after: "EVP_DigestVerifyInit_ex") }
        }
        if algorithm == .rsaPSSSHA256, let failed = PSSParameters.set(on: keyContext) {
            throw failure(after: failed)
        }
    }

    private func failure(after call: StaticString) -> Failure {
        makeError(ErrorQueue.drain(after: call))
    }
}
