import ArgumentParser

/// `ecabinet meeting`.
struct MeetingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "meeting",
        abstract: "Schedules meetings, says who takes part, opens and adjourns them.",
        discussion: """
            Any secretary may schedule a meeting, and takes part in it from then on. Its chair and its \
            secretaries run it. A meeting opens when its quorum is there: «ecabinet attend» says who is.

            The meeting is an argument of commands that are about it as a whole, and --meeting of those \
            that are about something in it.
            """,
        subcommands: [
            MeetingScheduleCommand.self, MeetingListCommand.self, MeetingShowCommand.self,
            MeetingAdmitCommand.self, MeetingRemoveCommand.self,
            MeetingStepCommand<MeetingSteps.Open>.self,
            MeetingStepCommand<MeetingSteps.Recess>.self,
            MeetingStepCommand<MeetingSteps.Resume>.self,
            MeetingStepCommand<MeetingSteps.Adjourn>.self,
        ]
    )
}
