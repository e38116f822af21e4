import Accounts
import Testing

struct LoginThrottleTests {
    private let start = ContinuousClock.now
    private let attempt = LoginAttempt(login: "gate", address: "10.0.0.1")

    private func at(_ seconds: Double) -> ContinuousClock.Instant { start + .seconds(seconds) }

    private func failing(_ throttle: inout LoginThrottle, _ attempts: [LoginAttempt], at seconds: Double) {
        for attempt in attempts {
            throttle.begin(attempt, at: at(seconds))
            throttle.end(attempt, isRight: false, at: at(seconds))
        }
    }

    @Test func `some wrong passwords cost nothing, then there is a pause, which grows`() throws {
        var throttle = LoginThrottle()
        failing(&throttle, Array(repeating: attempt, count: LoginThrottle.freeFailures - 1), at: 0)
        #expect(throttle.nextTurn(of: attempt, at: at(0)) == nil)
        failing(&throttle, [attempt], at: 0)
        #expect(throttle.nextTurn(of: attempt, at: at(0)) == at(0))
        throttle.begin(attempt, at: at(1))
        #expect(throttle.nextTurn(of: attempt, at: at(1)) == at(1) + LoginThrottle.shortestPause)
        failing(&throttle, Array(repeating: attempt, count: 2000), at: 2)
        throttle.begin(attempt, at: at(3))
        #expect(throttle.nextTurn(of: attempt, at: at(3)) == at(3) + LoginThrottle.longestPause)
        #expect(throttle.nextTurn(of: attempt, at: at(3 + 601)) == nil)
    }

    @Test func `logins and addresses are suspected each by itself`() {
        var throttle = LoginThrottle()
        failing(&throttle, (0..<5).map { LoginAttempt(login: "gate", address: "10.0.0.\($0)") }, at: 0)
        #expect(throttle.nextTurn(of: LoginAttempt(login: "gate", address: "10.0.0.9"), at: at(0)) != nil)
        #expect(throttle.nextTurn(of: LoginAttempt(login: "door", address: "10.0.0.4"), at: at(0)) == nil)
        failing(&throttle, (0..<5).map { LoginAttempt(login: "\($0)", address: "10.0.0.4") }, at: 0)
        #expect(throttle.nextTurn(of: LoginAttempt(login: "door", address: "10.0.0.4"), at: at(0)) != nil)
    }

    @Test func `who was let in before is held up by wrong passwords of the same place only`() {
        var throttle = LoginThrottle()
        throttle.end(attempt, isRight: true, at: at(0))
        failing(&throttle, (0..<50).map { LoginAttempt(login: "gate", address: "10.0.1.\($0)") }, at: 1)
        failing(&throttle, (0..<50).map { LoginAttempt(login: "\($0)", address: "10.0.0.1") }, at: 1)
        #expect(throttle.nextTurn(of: attempt, at: at(1)) == nil)
        failing(&throttle, Array(repeating: attempt, count: 5), at: 1)
        #expect(throttle.nextTurn(of: attempt, at: at(1)) != nil)
        throttle.end(attempt, isRight: true, at: at(2))
        #expect(throttle.nextTurn(of: attempt, at: at(2)) == nil)
    }

    @Test func `the table does not grow without end, and forgets the oldest`() {
        var throttle = LoginThrottle(capacity: 400)
        failing(&throttle, Array(repeating: attempt, count: 5), at: 0)
        for number in 0..<2000 {
            failing(
                &throttle, [LoginAttempt(login: "\(number)", address: "10.1.\(number / 200).\(number % 200)")], at: 1)
            throttle.end(LoginAttempt(login: "\(number)", address: nil), isRight: true, at: at(1))
            #expect(throttle.count <= 403)
        }
        #expect(throttle.nextTurn(of: attempt, at: at(1)) == nil)
    }
}
