"""What is echoed."""

# As long as the statement of a small ballot.
PAYLOAD = bytes((index * 7 + 1) % 256 for index in range(60))
