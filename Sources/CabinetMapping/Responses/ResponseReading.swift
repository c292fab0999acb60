public import CabinetAPI
public import CabinetModel

// What a client makes of responses.

extension CabinetModel.Poll {
    /// The poll that was asked for, with the digest of its motion computed anew.
    ///
    /// - Throws: ``InvalidField``, also where it is another poll.
    public init(_ response: GetPollResponse, asked id: PollID) throws(InvalidField) {
        self = try nested("poll", try Poll(required("", response.poll)))
        guard self.id == id else {
            throw InvalidField("poll.poll_id", "it is the one that was asked for")
        }
    }
}
