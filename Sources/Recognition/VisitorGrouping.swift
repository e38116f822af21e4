package import FaceModel
import Foundation
import Gallery

/// Sorts passes into visitors as they come, in time order.
///
/// A pass of a person belongs to that person's group. Any other pass belongs to the group whose first pass is most
/// like it, if the similarity reaches the threshold and the two are not known to be different persons; else it opens a
/// group.
package struct VisitorGrouping {
    package struct Group {
        package let main: Pass
        package private(set) var passCount = 1
        package private(set) var likes: [(pass: Pass, cosine: Double)] = []
        package private(set) var bestHit: PassHit?

        fileprivate var personID: UUID?

        fileprivate init(_ pass: Pass) {
            main = pass
            bestHit = pass.hits.first
            personID = bestHit?.personID
        }

        fileprivate mutating func join(_ pass: Pass) {
            passCount += 1
            let cosine = main.embedding.cosine(to: pass.embedding)
            let place = likes.firstIndex { $0.cosine < cosine } ?? likes.endIndex
            if place < Visitor.mostLikes {
                likes.insert((pass, cosine), at: place)
                if likes.count > Visitor.mostLikes { likes.removeLast() }
            }
            if let hit = pass.hits.first {
                personID = personID ?? hit.personID
                if hit.similarity > bestHit?.similarity ?? -1 { bestHit = hit }
            }
        }
    }

    package private(set) var groups: [Group] = []
    private let isSame: @Sendable (Double) -> Bool
    private let mains: Gallery
    private var groupOfMain: [UUID: Int] = [:]
    private var groupOfPerson: [UUID: Int] = [:]

    /// - Parameter isSame: whether two faces with this cosine are the same.
    package init(dimension: Int, isSame: @escaping @Sendable (Double) -> Bool) {
        mains = Gallery(dimension: dimension)
        self.isSame = isSame
    }

    package mutating func add(_ pass: Pass) {
        guard let group = group(for: pass) else { return open(pass) }
        groups[group].join(pass)
        if let person = groups[group].personID { groupOfPerson[person] = group }
    }

    private func group(for pass: Pass) -> Int? {
        let person = pass.hits.first?.personID
        if let person, let known = groupOfPerson[person] { return known }
        guard let nearest = mains.search([pass.embedding], limit: 1).matches[0].first, isSame(nearest.cosine),
            let group = groupOfMain[nearest.faceID]
        else { return nil }
        let other = groups[group].personID
        return person == nil || other == nil || person == other ? group : nil
    }

    private mutating func open(_ pass: Pass) {
        let group = groups.count
        groups.append(Group(pass))
        groupOfMain[pass.id] = group
        mains.insert(face: pass.id, subject: pass.id, embedding: pass.embedding)
        if let person = groups[group].personID { groupOfPerson[person] = group }
    }
}
