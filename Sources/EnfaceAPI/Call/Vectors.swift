import FaceModel
import Foundation
import HTTPSupport

extension Field {
    /// Embeddings as clients write them: decimal numbers with commas between them, or an array of numbers; several of
    /// them as an array, as repeated parts, or with `;` between them.
    ///
    /// - Parameter dimension: the number of coordinates that each has to have.
    func embeddings(dimension: Int) throws(EnfaceFailure) -> [Embedding] {
        var embeddings: [Embedding] = []
        for numbers in try vectors() {
            guard numbers.count == dimension, let embedding = Embedding(normalizing: numbers) else {
                throw .invalidSchema
            }
            embeddings.append(embedding)
        }
        guard !embeddings.isEmpty else { throw .invalidSchema }
        return embeddings
    }

    private func vectors() throws(EnfaceFailure) -> [[Float]] {
        if let elements {
            // One array of numbers is one vector; everything else is an array of vectors.
            if elements.first?.isNumber ?? false { return [try Self.numbers(elements)] }
            var vectors: [[Float]] = []
            for element in elements {
                if let numbers = element.elements {
                    vectors.append(try Self.numbers(numbers))
                } else {
                    guard element.isText, let text = element.text else { throw .invalidSchema }
                    vectors.append(try Self.numbers(text))
                }
            }
            return vectors
        }
        var vectors: [[Float]] = []
        for text in try texts() {
            for part in text.split(separator: ";") { vectors.append(try Self.numbers(String(part))) }
        }
        return vectors
    }

    private static func numbers(_ elements: [JSONValue]) throws(EnfaceFailure) -> [Float] {
        var numbers: [Float] = []
        for element in elements {
            guard element.isNumber, let number = element.number else { throw .invalidSchema }
            numbers.append(Float(number))
        }
        return numbers
    }

    private static func numbers(_ text: String) throws(EnfaceFailure) -> [Float] {
        var numbers: [Float] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let number = Float(String(part).trimmingBlanks()), number.isFinite else { throw .invalidSchema }
            numbers.append(number)
        }
        return numbers
    }
}
