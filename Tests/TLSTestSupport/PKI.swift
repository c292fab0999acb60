public import CabinetTLS
internal import Foundation

/// Certificates that are made once for a run of the tests, by the openssl command line.
public struct PKI: Sendable {
    public static let shared = PKI()

    /// 2020-01-02 12:00 UTC: within the validity of `past`, and of everything but `future`.
    public static let then = WallTime(secondsSince1970: 1_577_966_400)

    /// The folder of the files.
    public let folder: String

    private init() {
        folder = NSTemporaryDirectory() + "cabinet-tls-\(UUID().uuidString)"
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true
            )
            let (status, output) = try run("/bin/bash", ["-ec", Self.script], in: folder)
            precondition(status == 0, "making certificates failed: \(output)")
        } catch {
            preconditionFailure("making certificates failed: \(error)")
        }
    }

    public func path(_ name: String) -> String { "\(folder)/\(name)" }

    /// The files of the one of that name.
    public func files(_ name: String, ca: String = "ca.pem", crl: String? = nil) -> TLSFiles {
        TLSFiles(
            certificateChain: path("\(name).pem"),
            privateKey: path("\(name).key"),
            trustedAuthorities: path(ca),
            revocationLists: crl.map(path)
        )
    }

    private static let script = #"""
        exec 2>&1
        cat > ca.cnf <<'TEXT'
        [ca]
        default_ca = own
        [own]
        dir = .
        new_certs_dir = .
        database = $ENV::CA.db
        rand_serial = yes
        default_md = sha256
        policy = any
        email_in_dn = no
        unique_subject = no
        default_crl_days = 3000
        [any]
        organizationName = optional
        commonName = supplied
        [req]
        distinguished_name = dn
        [dn]
        [root]
        basicConstraints = critical,CA:TRUE
        keyUsage = critical,keyCertSign,cRLSign
        subjectKeyIdentifier = hash
        [server]
        extendedKeyUsage = serverAuth
        subjectAltName = DNS:localhost,IP:127.0.0.1
        [client]
        extendedKeyUsage = clientAuth
        [plain]
        basicConstraints = CA:FALSE
        TEXT
        export CA=ca
        start=20190101000000Z
        end=20990101000000Z
        key() { openssl ecparam -name prime256v1 -genkey -noout -out $1.key; }
        request() { openssl req -config ca.cnf -new -key $1.key -utf8 -subj "$2" -out $1.csr; }
        root() {
            touch $1.db; key $1; request $1 "/O=Cabinet/CN=$1"
            CA=$1 openssl ca -batch -notext -config ca.cnf -selfsign -keyfile $1.key -in $1.csr \
                -extensions root -startdate $start -enddate $end -out $1.pem
        }
        issue() { # authority name subject extensions [start end]
            [ -f $2.key ] || key $2
            request $2 "$3"
            CA=$1 openssl ca -batch -notext -config ca.cnf -cert $1.pem -keyfile $1.key -in $2.csr \
                -extensions $4 -startdate ${5:-$start} -enddate ${6:-$end} -out $2.pem
        }
        crl() { CA=$1 openssl ca -config ca.cnf -gencrl -cert $1.pem -keyfile $1.key -out $2; }
        revoke() { CA=$1 openssl ca -config ca.cnf -cert $1.pem -keyfile $1.key -revoke $2; }

        root ca
        root other
        issue ca server /CN=server server
        issue ca server2 /CN=server2 server
        issue ca client "/O=Βουλή/CN=member, one" client
        issue ca client2 /CN=member2 client
        issue ca client3 /CN=auditor client
        issue ca past /CN=past client 20200101000000Z 20200103000000Z
        issue ca pastserver /CN=pastserver server 20200101000000Z 20200103000000Z
        issue ca future /CN=future client 20980101000000Z
        issue other stranger /CN=stranger client
        issue other strangeserver /CN=strangeserver server
        issue ca plain /CN=plain plain
        openssl genrsa -out weak.key 1024
        issue ca weak /CN=weak client

        touch middle.db
        issue ca middle /CN=middle root
        issue middle deepleaf /CN=deep client
        cat deepleaf.pem middle.pem > deep.pem; cp deepleaf.key deep.key
        crl middle middle.crl

        crl ca ca.crl
        crl other other.crl
        cat ca.crl middle.crl > both.crl
        revoke ca client.pem
        crl ca revoked.crl
        revoke middle deepleaf.pem
        crl middle middlerevoked.crl
        cat ca.crl middlerevoked.crl > bothrevoked.crl
        CA=ca openssl ca -config ca.cnf -gencrl -cert ca.pem -keyfile ca.key -crlsec 1 -out stale.crl

        openssl ec -in client.key -aes256 -passout pass:secret -out encrypted.key
        cp client.pem encrypted.pem
        cat ca.pem other.pem > cas.pem
        echo nothing > nothing.pem
        printf -- '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' > broken.pem
        """#
}

/// Runs a program to its end.
public func run(
    _ program: String,
    _ arguments: [String],
    in folder: String? = nil,
    input: String = ""
) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    let output = Pipe()
    let inputPipe = Pipe()
    process.standardOutput = output
    process.standardError = output
    process.standardInput = inputPipe
    try process.run()
    inputPipe.fileHandleForWriting.write(Data(input.utf8))
    try inputPipe.fileHandleForWriting.close()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
}

/// A shell command that runs until the test has seen enough of it.
public struct Background {
    private let process = Process()

    public init(_ command: String) throws {
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", command]
        process.currentDirectoryURL = URL(fileURLWithPath: PKI.shared.folder)
        process.standardInput = Pipe()
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    public func end() {
        // A child has the signal mask of the thread that started it, and may not see SIGTERM.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
