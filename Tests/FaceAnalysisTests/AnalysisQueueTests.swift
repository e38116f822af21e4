import FaceAnalysis
import FaceModel
import Foundation
import Imaging
import Synchronization
import TestKit
import Testing

struct AnalysisQueueTests {
    private let now = ContinuousClock.now

    @Test func `who finds no memory is overtaken, and comes when there is some`() {
        var queue = AnalysisQueue<String>(capacity: 10, budget: PixelBudget(capacity: 100))
        for (job, memory) in [("huge", 80), ("large", 60), ("small", 20), ("other", 20)] {
            let isAdded = queue.add(job, memory: memory, deadline: nil)
            #expect(isAdded)
        }
        var order = [queue.next()?.job, queue.next()?.job, queue.next()?.job]
        #expect(order == ["huge", "small", nil])
        queue.giveBack(20)
        order = [queue.next()?.job, queue.next()?.job]
        #expect(order == ["other", nil])
        queue.giveBack(80)
        order = [queue.next()?.job, queue.next()?.job]
        #expect(order == ["large", nil] && queue.count == 0)
        #expect(queue.canHold(100) && !queue.canHold(101))
    }

    @Test func `the queue is bounded, and late jobs leave it`() {
        var queue = AnalysisQueue<Int>(capacity: 3, budget: PixelBudget(capacity: 100))
        let deadlines = [now + .seconds(3), nil, now + .seconds(1), nil]
        let areAdded = deadlines.enumerated().map { queue.add($0.offset, memory: 1, deadline: $0.element) }
        #expect(areAdded == [true, true, true, false])
        #expect(queue.nextDeadline == now + .seconds(1))
        let expired = [0.0, 1, 9].map { queue.removeExpired(at: now + .seconds($0)) }
        #expect(expired == [[], [2], [0]])
        let last = queue.next()?.job
        #expect(last == 1)
    }

    @Test func `a picture that waits longer than its request is not worked on`() async throws {
        let analyzer = try FaceAnalyzer(.init(modelsFolder: Checkout.models, threads: 1))
        defer { analyzer.stop() }
        let bytes = try Photo.biden.bytes()
        let start = ContinuousClock.now
        let outcomes = await withTaskGroup(of: (isLate: Bool, duration: Duration).self) { group in
            for _ in 0..<40 {
                group.addTask {
                    do {
                        try await RequestDeadline.$current.withValue(start + .milliseconds(300)) {
                            _ = try await analyzer.analyze(bytes)
                        }
                        return (false, ContinuousClock.now - start)
                    } catch {
                        guard case FaceAnalysisError.late = error else { return (false, .seconds(1000)) }
                        return (true, ContinuousClock.now - start)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        // The one at work at the deadline is finished, those behind it are not begun.
        #expect(outcomes.contains { $0.isLate } && outcomes.contains { !$0.isLate })
        #expect(outcomes.allSatisfy { $0.duration < .seconds(3) }, "\(outcomes.map(\.duration))")
        #expect(try await analyzer.analyze(bytes).faces.count == 1)
    }

    @Test func `pictures wait for memory, and one that takes more than all is refused`() async throws {
        let photo = try Photo.biden.bytes()
        let header = try ImageHeader(photo)
        var configuration = FaceAnalyzer.Configuration(modelsFolder: Checkout.models, threads: 2)
        // Room for one at a time.
        configuration.pixelMemory = header.memoryToDecode + header.memoryOfPixels / 2
        let analyzer = try FaceAnalyzer(configuration)
        defer { analyzer.stop() }
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<6 { group.addTask { try await analyzer.analyze(photo).faces.count } }
            for try await count in group { #expect(count == 1) }
        }
        let large = try Picture.grey(width: 3000, height: 2500).jpeg()
        await #expect {
            try await analyzer.analyze(large)
        } throws: { error in
            guard case FaceAnalysisError.tooLarge = error else { return false }
            return true
        }
    }
}
