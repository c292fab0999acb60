try await followAndVote(meeting: "trial", member: "m1", port: 7443, folder: "files")
