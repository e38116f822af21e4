import HTTPSupport
import Testing

struct ByteBudgetTests {
    @Test func `bytes are given until there are none, and come back with the lease`() {
        let budget = ByteBudget(capacity: 1000, name: "test")
        var one: ByteLease? = ByteLease(of: budget)
        let other = ByteLease(of: budget)
        #expect(one?.grow(to: 10) == true && one?.grow(to: 700) == true)
        #expect(one?.grow(to: 300) == true, "a lease does not shrink")
        #expect(budget.takenBytes == 700)
        #expect(!other.grow(to: 400))
        #expect(budget.takenBytes == 700, "who gets nothing takes nothing")
        one = nil
        #expect(budget.takenBytes == 0)
        #expect(other.grow(to: 400))
        other.release()
        other.release()
        #expect(budget.takenBytes == 0)
    }

    @Test func `the last quarter is for small pieces`() {
        let budget = ByteBudget(capacity: 64_000, name: "test")
        let large = ByteLease(of: budget)
        #expect(large.grow(to: 48_000) && !large.grow(to: 48_001))
        #expect(!ByteLease(of: budget).hasRoom(for: 1001))
        let small = (0..<16).map { _ in ByteLease(of: budget) }
        #expect(small.allSatisfy { $0.grow(to: 1000) })
        #expect(!ByteLease(of: budget).grow(to: 1))
    }
}
