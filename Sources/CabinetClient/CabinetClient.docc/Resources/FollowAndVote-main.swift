try await followAndVote(meeting: "2019-06-24", member: "m1", port: 7443, folder: "tablet")
