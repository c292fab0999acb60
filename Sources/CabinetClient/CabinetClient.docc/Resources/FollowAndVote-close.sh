ecabinet poll close poll-2
