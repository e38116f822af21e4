import Accounts
import FaceModel
import Foundation
import Synchronization
import TestKit
import Testing

struct PasswordQueueTests {
    private func attempt(_ login: String, _ address: String = "10.0.0.1") -> LoginAttempt {
        LoginAttempt(login: login, address: address)
    }

    private final class Shared: Sendable {
        let isHeld = Mutex(true)
        let order = Mutex<[Int]>([])
    }

    @Test func `the queue is bounded, the latest goes first and the oldest is refused`() async {
        let queue = PasswordQueue(capacity: 4)
        let shared = Shared()
        async let first = queue.check(attempt("first")) {
            while shared.isHeld.withLock({ $0 }) { usleep(1000) }
            return true
        }
        try? await Task.sleep(for: .milliseconds(100))
        let outcomes = await withTaskGroup(of: (Int, Bool?).self) { group in
            for number in 0..<8 {
                group.addTask {
                    let isRight = await queue.check(LoginAttempt(login: "\(number)", address: "10.0.0.\(number)")) {
                        shared.order.withLock { $0.append(number) }
                        return false
                    }
                    return (number, isRight)
                }
                try? await Task.sleep(for: .milliseconds(50))
            }
            shared.isHeld.withLock { $0 = false }
            return await group.reduce(into: [:]) { $0[$1.0] = .some($1.1) }
        }
        #expect(await first == true)
        #expect(shared.order.withLock { $0 } == [7, 6, 5, 4])
        #expect((0..<4).allSatisfy { outcomes[$0] == .some(nil) })
        queue.stop()
        #expect(await queue.check(attempt("late")) { true } == nil)
    }

    @Test func `suspects wait their turn behind others and are slowed down`() async {
        let queue = PasswordQueue()
        for _ in 0..<LoginThrottle.freeFailures { _ = await queue.check(attempt("gate")) { false } }
        let start = ContinuousClock.now
        for _ in 0..<3 { #expect(await queue.check(attempt("gate")) { false } == false) }
        #expect(ContinuousClock.now - start >= LoginThrottle.shortestPause * 2)
        // Somebody else is not held up.
        let other = ContinuousClock.now
        async let slow = queue.check(attempt("gate")) { false }
        #expect(await queue.check(attempt("door", "10.0.0.2")) { true } == true)
        #expect(ContinuousClock.now - other < .milliseconds(300))
        #expect(await slow == false)
        queue.stop()
    }

    @Test func `who waits longer than the request is refused`() async {
        let queue = PasswordQueue()
        for _ in 0..<LoginThrottle.freeFailures + 1 { _ = await queue.check(attempt("gate")) { false } }
        let answer = await RequestDeadline.$current.withValue(.now + .milliseconds(10)) {
            try? await Task.sleep(for: .milliseconds(20))
            return await queue.check(attempt("gate")) { true }
        }
        #expect(answer == nil)
        queue.stop()
    }

    @Test func `a good login behind forty wrong ones takes less than a second`() async throws {
        try await TestDatabase.with { database in
            for login in ["gate", "door"] {
                let accounts = AccountDirectory(database.pool)
                try await accounts.put(
                    login: "gate", password: "right",
                    rights: AccountRights(dialects: [.faceIntellect], role: .editor))
                let wrong = (0..<40).map { number in
                    Task { try? await accounts.admission(login: login, password: "wrong \(number)", from: "10.0.0.1") }
                }
                try await Task.sleep(for: .milliseconds(150))
                let start = ContinuousClock.now
                #expect(try await accounts.admission(login: "gate", password: "right", from: "10.0.0.1") != nil)
                let duration = ContinuousClock.now - start
                print("a good login behind 40 wrong ones of \(login): \(duration)")
                #expect(duration < .seconds(1), "\(duration)")
                accounts.stop()
                for task in wrong { _ = await task.value }
            }
        }
    }
}
