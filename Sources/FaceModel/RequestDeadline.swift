/// Until when somebody waits for an answer; whoever queues work for a task drops it when this moment has passed.
public enum RequestDeadline {
    /// The deadline of the request that this task works for; `nil` where nobody waits.
    @TaskLocal public static var current: ContinuousClock.Instant?
}
