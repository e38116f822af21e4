import FaceModel
import Foundation
import Recognition
import Synchronization
import Testing

/// A value that the tasks of a test share.
private final class Shared<Value: Sendable>: Sendable {
    private let value: Mutex<Value>

    init(_ value: Value) { self.value = Mutex(value) }

    func withLock<R: Sendable>(_ body: @Sendable (inout Value) -> R) -> R {
        value.withLock { value in
            var copy = value
            defer { value = copy }
            return body(&copy)
        }
    }
}

struct WriteGateTests {
    @Test func `changes of one person exclude each other and changes of two do not`() async {
        let gate = WriteGate<PersonKey>()
        let (one, other) = (PersonKey.id(UUID()), PersonKey.id(UUID()))
        let inside = Shared((now: 0, most: 0))
        @Sendable func visit(_ scope: WriteGate<PersonKey>.Scope) async {
            await gate.withAccess(to: scope) {
                inside.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
                try? await Task.sleep(for: .milliseconds(20))
                inside.withLock { $0.now -= 1 }
            }
        }
        await withTaskGroup { group in
            for _ in 0..<5 { group.addTask { await visit(.some([one])) } }
        }
        #expect(inside.withLock { $0.most } == 1)
        await withTaskGroup { group in
            group.addTask { await visit(.some([one])) }
            group.addTask { await visit(.some([other])) }
        }
        #expect(inside.withLock { $0.most } == 2)
    }

    @Test func `a change of everyone is alone, and comes to its turn`() async {
        let gate = WriteGate<PersonKey>()
        let running = Shared(Set<Int>())
        let aloneEachTime = Shared(true)
        await withTaskGroup { group in
            for number in 0..<60 {
                group.addTask {
                    let isForAll = number % 7 == 3
                    await gate.withAccess(to: isForAll ? .everyone : .some([.id(UUID())])) {
                        _ = running.withLock { $0.insert(number) }
                        await Task.yield()
                        if isForAll, running.withLock({ $0 }) != [number] { aloneEachTime.withLock { $0 = false } }
                        _ = running.withLock { $0.remove(number) }
                    }
                }
            }
        }
        #expect(aloneEachTime.withLock { $0 })
    }

    @Test func `a change that fails lets the next one in`() async {
        struct Failure: Error {}
        let gate = WriteGate<PersonKey>()
        await #expect(throws: Failure.self) {
            try await gate.withAccess(to: .everyone) { () async throws(Failure) in throw Failure() }
        }
        await gate.withAccess(to: .everyone) {}
    }
}

struct GroupCommitTests {
    struct Failure: Error, Equatable {}

    @Test func `what arrives during a write goes with the next one`() async throws {
        let groups = Shared<[[Int]]>([])
        let commit = GroupCommit<Int, [Int], Failure> { items in
            groups.withLock { $0.append(items) }
            try? await Task.sleep(for: .milliseconds(50))
            return .success(items)
        }
        try await withThrowingTaskGroup { group in
            for number in 0..<50 {
                group.addTask {
                    let outcome = try await commit.submit(number)
                    #expect(outcome.contains(number))
                }
            }
            try await group.waitForAll()
        }
        let written = groups.withLock { $0 }
        #expect(written.flatMap(\.self).sorted() == Array(0..<50))
        #expect(written.count < 10)
    }

    @Test func `a failed write is everybody's of its group and nobody else's`() async throws {
        let fails = Shared(true)
        let commit = GroupCommit<Int, Void, Failure> { _ in
            fails.withLock { $0 } ? .failure(Failure()) : .success(())
        }
        await #expect(throws: Failure.self) { try await commit.submit(1) }
        fails.withLock { $0 = false }
        try await commit.submit(2)
    }
}
