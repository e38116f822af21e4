import Foundation
import Recognition
import Testing

struct ClockAndIDTests {
    @Test func `a clock tells the machine's time until it is told otherwise`() {
        let clock = ServerClock()
        #expect(abs(clock.now().timeIntervalSinceNow) < 1)
        clock.advance(by: 3600)
        clock.advance(by: -60)
        #expect(abs(clock.now().timeIntervalSinceNow - 3540) < 1)
        let moment = Date(timeIntervalSince1970: 0)
        clock.mode = .fixed(moment)
        clock.advance(by: 0.5)
        #expect(clock.now() == moment.addingTimeInterval(0.5))
    }

    @Test(arguments: [1.0, -1.0])
    func `a clock does not leave the calendar of four digits, and ids can be made at its ends`(direction: Double) {
        let clock = ServerClock()
        let ids = IDSource()
        for mode in [ServerClock.Mode.system, .offset(0), .fixed(.now)] {
            clock.mode = mode
            for _ in 0..<1000 { clock.advance(by: direction * 31_536_000_000) }
            let seconds = clock.now().timeIntervalSince1970
            #expect(seconds == (direction > 0 ? 253_402_300_799.999 : -62_135_596_800))
            #expect(ids.nextTimeBased(at: clock.now()) != ids.nextTimeBased(at: clock.now()))
        }
        clock.mode = .offset(direction * 1e300)
        #expect(ids.nextTimeBased(at: clock.now()) != ids.nextTimeBased(at: clock.now()))
    }

    @Test func `ids repeat after a seed, else grow with time, and do not collide`() {
        let source = IDSource()
        func sequence(_ seed: UInt64) -> [UUID] {
            source.seed(seed)
            return (0..<10_000).map { _ in source.next() }
        }
        let first = sequence(1)
        #expect(first == sequence(1) && first != sequence(2))
        #expect(Set(first).count == first.count)
        #expect(first.allSatisfy { $0.uuid.6 >> 4 == 4 && $0.uuid.8 >> 6 == 2 })
        source.seed(nil)
        let before = source.next()
        let others = (0..<10_000).map { _ in source.next() }
        #expect(Set(others).count == others.count)
        #expect(others.allSatisfy { $0.uuid.6 >> 4 == 7 && $0.uuid.8 >> 6 == 2 })
        // They grow with time, by milliseconds.
        let later = others[9999].uuidString
        #expect(before.uuidString.prefix(13) <= later.prefix(13))
    }
}
