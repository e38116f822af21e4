import FaceModel
import Foundation
import Recognition
import Testing

struct VisitorGroupingTests {
    @Test func `a pass joins the most similar group that reaches the threshold`() {
        var grouping = grouping()
        grouping.add(pass([1, 0, 0]))
        grouping.add(pass([0, 1, 0]))
        grouping.add(pass([0.9, 0.1, 0]))
        grouping.add(pass([0.1, 0.9, 0]))
        grouping.add(pass([0, 0, 1]))
        #expect(grouping.groups.map(\.passCount) == [2, 2, 1])
    }

    @Test func `only the five most similar passes are kept, and all are counted`() {
        var grouping = grouping()
        grouping.add(pass([1, 0, 0]))
        let others = (1...8).map { pass([1, Float($0) / 20, 0]) }
        for other in others.shuffled() { grouping.add(other) }
        #expect(grouping.groups.count == 1 && grouping.groups[0].passCount == 9)
        #expect(grouping.groups[0].likes.map(\.pass.id) == others.prefix(5).map(\.id))
    }

    @Test func `a person decides before the face does`() {
        var grouping = grouping()
        let (ana, ben) = (UUID(), UUID())
        grouping.add(pass([1, 0, 0], hit: ana, 0.7))
        grouping.add(pass([0, 1, 0], hit: ana, 0.9))
        grouping.add(pass([1, 0.01, 0], hit: ben, 0.6))
        #expect(grouping.groups.map(\.passCount) == [2, 1])
        #expect(grouping.groups[0].bestHit?.similarity == 0.9)
        // Somebody whom nobody recognised goes by the face alone.
        grouping.add(pass([1, 0, 0]))
        #expect(grouping.groups.map(\.passCount) == [3, 1])
    }

    @Test func `a group that strangers opened takes the first person who is like it`() {
        var grouping = grouping()
        let ana = UUID()
        grouping.add(pass([1, 0, 0]))
        grouping.add(pass([0.99, 0.01, 0], hit: ana, 0.8))
        grouping.add(pass([0, 1, 0], hit: ana, 0.8))
        #expect(grouping.groups.map(\.passCount) == [3])
    }

    private func grouping() -> VisitorGrouping { VisitorGrouping(dimension: 3) { $0 >= 0.8 } }

    private func pass(_ values: [Float], hit person: UUID? = nil, _ similarity: Double = 0) -> Pass {
        let hit = person.map {
            PassHit(
                personID: $0, externalID: nil, imageID: UUID(), platformUserID: nil, similarity: similarity,
                addedAt: .now, texts: PersonTexts())
        }
        guard let embedding = Embedding(normalizing: values) else { preconditionFailure("no direction") }
        return Pass(
            id: UUID(), cameraID: "1", cameraName: "", capturedAt: .now, attributes: nil, quality: 1,
            embedding: embedding, model: ModelFingerprint(bytes: Array(repeating: 0, count: 8)),
            hits: hit.map { [$0] } ?? [])
    }
}
