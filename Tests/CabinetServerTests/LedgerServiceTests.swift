import CabinetAPI
import CabinetLedger
import CabinetLocks
import CabinetMapping
import CabinetModel
import CabinetRPC
import CabinetStore
import ModelTestSupport
import Testing

@testable import CabinetServer

/// Who reads the logs, and what they are told where they cannot be read.
@Suite struct LedgerServiceTests {
    @Test("An auditor who takes part in a meeting does not read its log, and who left it does")
    func auditorWhoTakesPart() async throws {
        try await ServedNode.run { node in
            try await node.openPoll()
            let (ballot, options) = try await node.ballot("m2", .vote(.yes, .first), id: 1)
            let cast = try await node.voting("m2")
                .castBallot(CastBallotRequest(ballot: ballot), options: options)
            let index = try #require(cast.receipt).index
            func found() async -> [String?] {
                let export = await reason {
                    for try await _ in try await node.ledger("both").exportLog(
                        ExportLogRequest(meetingID: "meeting")
                    ) {}
                }
                let receipt = await reason {
                    _ = try await node.ledger("both").getReceipt(
                        GetReceiptRequest(meetingID: "meeting", entry: .index(index))
                    )
                }
                return [export, receipt]
            }
            #expect(await found() == [nil, nil])
            let secretary = node.meeting("secretary")
            _ = try await secretary.admitParticipants(
                AdmitParticipantsRequest(
                    meetingID: "meeting",
                    admissions: [Admission(principalID: "both", roles: [.guest])]
                )
            )
            #expect(await found() == ["ROLE_REQUIRED", "ENTRY_NOT_FOUND"])
            _ = try await secretary.removeParticipant(
                RemoveParticipantRequest(meetingID: "meeting", principalID: "both")
            )
            #expect(await found() == [nil, nil])
        }
    }

    @Test("Of a damaged log those are told who keep the installation or audit it, and nobody else")
    func damagedLog() async throws {
        let store = MemoryEventStore()
        var batch = StoreBatch()
        batch.appends = [
            .init(
                log: LogID("damaged"),
                entries: [
                    StoredEntry(
                        index: 0,
                        bytes: [1],
                        leafHash: Array(repeating: 0, count: 32)
                    )
                ],
                checkpoint: [1]
            )
        ]
        try store.commit(batch)
        try await ServedNode.run(store, damaged: ["damaged"]) { node in
            for (name, _) in ServedNode.principals {
                let isTold = ["admin", "auditor", "both"].contains(name)
                let expected = isTold ? "LOG_DAMAGED" : "MEETING_NOT_FOUND"
                let read = await reason {
                    _ = try await node.meeting(name)
                        .getMeeting(GetMeetingRequest(meetingID: "damaged"))
                }
                #expect(read == expected, "\(name)")
                let command = await reason {
                    _ = try await node.meeting(name)
                        .openMeeting(OpenMeetingRequest(meetingID: "damaged"))
                }
                #expect(command == expected, "\(name)")
            }
        }
    }

    @Test("Why entries cannot be read is for the operator, and the auditor gets a reason")
    func unreadableEntries() async throws {
        struct BrokenReader: EventReader {
            func readEntries(
                of log: LogID,
                from first: UInt64,
                _ body: (StoredEntry) -> Bool
            ) throws(StoreError) {
                throw StoreError(.io, "/srv/meetings/cabinet.sqlite: disk I/O error")
            }
        }
        let reports = Guarded<[String]>([])
        let export = LogExport(BrokenReader()) { log, error in
            reports.withLock { $0.append("\(log): \(error)") }
        }
        let error = await #expect(throws: RPCError.self) {
            try await export.entries(of: LogID("meeting"), from: 0, upTo: 1)
        }
        await export.shutDown()
        #expect(error?.code == .unavailable)
        #expect(error?.details.map(\.reason) == ["LOG_UNREADABLE"])
        #expect(error?.message.contains("/srv") == false)
        #expect(
            reports.withLock { $0 }
                == ["meeting: /srv/meetings/cabinet.sqlite: disk I/O error (IO)"]
        )
    }

    @Test("What is beyond the log says how long the log is")
    func beyondTheLog() async throws {
        try await ServedNode.run { node in
            try await node.prepareMeeting()
            let auditor = node.ledger("auditor")
            let receipt = await reason {
                _ = try await auditor.getReceipt(
                    GetReceiptRequest(meetingID: "meeting", entry: .index(1_000))
                )
            }
            #expect(receipt == "BEYOND_LOG")
            let proof = await reason {
                _ = try await auditor.getConsistencyProof(
                    GetConsistencyProofRequest(meetingID: "meeting", fromTreeSize: 1_000)
                )
            }
            #expect(proof == "BEYOND_LOG")
            let export = await reason {
                for try await _ in try await auditor.exportLog(
                    ExportLogRequest(meetingID: "meeting", firstIndex: 1_000)
                ) {}
            }
            #expect(export == "BEYOND_LOG")
            // At its end there is nothing more, and that is no error.
            let size = try await checkpointSize(node)
            var parts: [ExportLogResponse] = []
            for try await part in try await auditor.exportLog(
                ExportLogRequest(meetingID: "meeting", firstIndex: size)
            ) {
                parts.append(part)
            }
            #expect(parts.count == 1)
            #expect(parts.first?.entries == [] && parts.first?.checkpoint != nil)
        }
    }

    private func checkpointSize(_ node: ServedNode) async throws -> UInt64 {
        let response = try await node.ledger("auditor").getCheckpoint(
            GetCheckpointRequest(meetingID: "meeting")
        )
        return try SignedCheckpoint(parsing: try #require(response.checkpoint).note)
            .unverified.treeSize
    }
}
