extension RunRecord {
    /// Members by what they chose.
    public struct Choices: Sendable, Hashable {
        public var yes: Int
        public var no: Int
        public var abstain: Int

        public init(yes: Int = 0, no: Int = 0, abstain: Int = 0) {
            self.yes = yes
            self.no = no
            self.abstain = abstain
        }

        public var total: Int { yes + no + abstain }

        public mutating func add(_ other: Choices) {
            yes += other.yes
            no += other.no
            abstain += other.abstain
        }

        var text: String { "\(yes) yes, \(no) no, \(abstain) abstain" }

        fileprivate func isWithin(_ other: Choices) -> Bool {
            yes <= other.yes && no <= other.no && abstain <= other.abstain
        }
    }

    /// What members know of a poll from their receipts.
    public struct Acknowledged: Sendable, Hashable {
        /// The last ballots with a receipt, of those who have had an answer to each ballot that they cast.
        public var choices = Choices()
        /// Members who have had no answer to one of their ballots. It may count all the same: an answer that is
        /// lost says nothing of the ballot.
        public var unsettled = 0
        /// Those of them who have a receipt for another, so that one of theirs has to count.
        public var unsettledWithReceipt = 0

        public init(
            _ choices: Choices = Choices(),
            unsettled: Int = 0,
            withReceipt: Int = 0
        ) {
            self.choices = choices
            self.unsettled = unsettled
            unsettledWithReceipt = withReceipt
        }

        public mutating func add(_ other: Acknowledged) {
            choices.add(other.choices)
            unsettled += other.unsettled
            unsettledWithReceipt += other.unsettledWithReceipt
        }

        var text: String {
            "\(choices.text) acknowledged" + (unsettled > 0 ? ", \(unsettled) not known" : "")
        }
    }

    /// How a poll went.
    public struct PollOutcome: Sendable, Hashable {
        public var poll: String
        /// Ballots that count, as the server says after the close.
        public var counted: Choices
        public var acknowledged: Acknowledged

        public init(poll: String, counted: Choices, acknowledged: Acknowledged) {
            self.poll = poll
            self.counted = counted
            self.acknowledged = acknowledged
        }

        /// Whether the server counted what it had given receipts for, and nothing that nobody had cast.
        public var agrees: Bool {
            acknowledged.choices.isWithin(counted)
                && counted.total >= acknowledged.choices.total + acknowledged.unsettledWithReceipt
                && counted.total <= acknowledged.choices.total + acknowledged.unsettled
        }

        /// What does not agree, for people.
        var text: String { "\(counted.text) counted; \(acknowledged.text)" }
    }
}
