import FaceModel
import Foundation
import HTTPSupport
import Hummingbird
import Recognition

extension Caller {
    /// `vector/search`: persons like given vectors, without a picture.
    func searchVectors() async throws -> Response {
        let order: VectorOrder
        do throws(EnfaceFailure) {
            order = try VectorOrder(call, dimension: api.lists.dimension)
        } catch {
            throw error == .invalidSchema ? EnfaceFailure.invalidInput : error
        }
        var lists: [PersonList] = []
        for id in order.lists {
            guard let list = try await list(id) else {
                throw EnfaceFailure.missing(.notFound, "list id \(id.lowercasedText) does not found")
            }
            lists.append(list)
        }
        let searched = lists
        let found = try await calling { () throws(RecognitionError) in
            try await api.lists.matches(
                of: order.embeddings.map { ProbeFace(embedding: $0) }, in: searched.map(\.gallery),
                limit: order.limit)
        }
        let limit = order.score.map { api.scores.cosine(score: $0) } ?? -1
        var results: [[ToldMatch]] = []
        for matches in found {
            results.append(try await self.matches(matches.filter { $0.cosine >= limit }, in: searched))
        }
        let answer = results
        return .ok { object in
            object.key("results")
            object.array { array in
                for matches in answer {
                    array.object { row in
                        row.key("matches")
                        if order.tellsPersons {
                            row.matches(matches, call.profile)
                        } else {
                            row.bareMatches(matches)
                        }
                    }
                }
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func bareMatches(_ matches: [ToldMatch]) {
        array { array in
            for match in matches {
                array.object { row in
                    row.id("person_id", match.record.person.person.id)
                    row.id("list_id", match.record.list)
                    row.score(match.score, distance: match.distance)
                }
            }
        }
    }
}

private struct VectorOrder {
    /// `all` means as many as this.
    private static let mostResults = 1000

    let embeddings: [Embedding]
    let lists: [UUID]
    let score: Double?
    let tellsPersons: Bool
    let limit: Int

    init(_ call: EnfaceCall, dimension: Int) throws(EnfaceFailure) {
        embeddings = try call.required("embeddings").embeddings(dimension: dimension)
        guard embeddings.count <= 100 else { throw .invalidInput }
        var seen: Set<UUID> = []
        lists = try call.required("list_ids").ids().filter { seen.insert($0).inserted }
        guard !lists.isEmpty else { throw .invalidInput }
        if let field = call["threshold"] {
            guard case .score(let score) = Threshold(try field.textOrNumber(), in: .neurovision) else {
                throw .invalidInput
            }
            self.score = score
        } else {
            score = nil
        }
        tellsPersons = try call.flag("person_data")
        switch try call["results"]?.textOrNumber() ?? "top" {
        case "top": limit = 1
        case "all": limit = Self.mostResults
        case let text:
            guard let number = Int(text), 1...Self.mostResults ~= number else { throw .invalidInput }
            limit = number
        }
    }
}
