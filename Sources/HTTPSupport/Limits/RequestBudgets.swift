/// What all requests of a server share: the memory of their bodies and answers, and the patience with each.
public struct RequestBudgets: Sendable {
    /// Memory for bodies.
    public let bodies: ByteBudget
    /// Memory for answers.
    public let answers: ByteBudget
    /// How long a request may wait for its turn.
    let deadline: Duration

    /// Budgets as some limits want them.
    public init(_ limits: HTTPLimits = HTTPLimits()) {
        bodies = ByteBudget(capacity: limits.bodyMemory, name: "bodies")
        answers = ByteBudget(capacity: limits.answerMemory, name: "answers")
        deadline = limits.requestDeadline
    }
}
