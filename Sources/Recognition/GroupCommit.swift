/// Writes what arrives together in one go.
///
/// While one write is under way, what comes in waits and is written as one group after it: a busy moment costs one
/// transaction, not one per request, and nobody waits for a timer. The caller continues when its item is durable.
package actor GroupCommit<Item: Sendable, Outcome: Sendable, Failure: Error> {
    private let write: @Sendable ([Item]) async -> Result<Outcome, Failure>
    private var waiting: [(item: Item, answer: CheckedContinuation<Result<Outcome, Failure>, Never>)] = []
    private var isWriting = false

    /// - Parameter write: makes a group durable; it is never called twice at the same time.
    package init(write: @escaping @Sendable ([Item]) async -> Result<Outcome, Failure>) { self.write = write }

    /// Returns when the item is durable, with what the write of its group gave, or throws what it threw.
    package func submit(_ item: Item) async throws(Failure) -> Outcome {
        let result = await withCheckedContinuation { answer in
            waiting.append((item, answer))
            guard !isWriting else { return }
            isWriting = true
            // Not the caller's own task: a caller that goes away must not take the others' write with it.
            Task { await writeAll() }
        }
        return try result.get()
    }

    private func writeAll() async {
        while !waiting.isEmpty {
            let group = waiting
            waiting = []
            let result = await write(group.map(\.item))
            for member in group { member.answer.resume(returning: result) }
        }
        isWriting = false
    }
}
