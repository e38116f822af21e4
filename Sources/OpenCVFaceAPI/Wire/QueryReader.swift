import FaceModel
import Foundation
import HTTPSupport
import Hummingbird

/// Reads the parameters of a query strictly and collects what is wrong with them.
struct QueryReader {
    /// The parameters as a form has them, with plus signs for blanks; of equal names the last one counts.
    private let parameters: [String: String]
    private(set) var faults: [FieldFault] = []

    init(_ request: Request) {
        var parameters: [String: String] = [:]
        for pair in (request.uri.query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { part in
                let text = part.replacing("+", with: " ")
                return text.removingPercentEncoding ?? String(text)
            }
            parameters[parts[0]] = parts.count == 2 ? parts[1] : ""
        }
        self.parameters = parameters
    }

    func finish() throws(InvalidInput) {
        guard faults.isEmpty else { throw InvalidInput(faults) }
    }

    /// A parameter's text, whatever it is.
    func peek(_ key: String) -> String? { parameters[key] }

    mutating func text(_ key: String) -> String? {
        guard let text = parameters[key] else { return nil }
        if text.utf8.contains(0) { fail(key, .nul) }
        return text
    }

    mutating func requiredText(_ key: String) -> String {
        guard let text = text(key) else {
            fail(key, .missing)
            return ""
        }
        return text
    }

    mutating func integer(_ key: String, _ range: ClosedRange<Int>) -> Int? {
        guard let text = text(key) else { return nil }
        guard let number = Int(text) else {
            fail(key, .integer)
            return nil
        }
        if number < range.lowerBound { fail(key, .below(Double(range.lowerBound))) }
        if number > range.upperBound { fail(key, .above(Double(range.upperBound))) }
        return number
    }

    mutating func choice<Value: RawRepresentable<String> & CaseIterable>(
        _ key: String, of type: Value.Type = Value.self
    ) -> Value? {
        guard let text = text(key) else { return nil }
        guard let choice = Value(rawValue: text) else {
            fail(key, .choice(Value.allCases.map(\.rawValue)))
            return nil
        }
        return choice
    }

    /// `skip`, `take`, `order` and `search`.
    mutating func window() -> ListWindow {
        let search = text("search")
        return ListWindow(
            offset: integer("skip", 0...Int.max) ?? 0, limit: integer("take", 0...100) ?? 20,
            isDescending: choice("order", of: Direction.self) == .descending,
            search: search == "" ? nil : search)
    }

    private enum Direction: String, CaseIterable {
        case ascending = "ASC"
        case descending = "DESC"
    }

    private mutating func fail(_ key: String, _ rule: FieldFault.Rule) {
        faults.append(FieldFault(at: ["query", .key(key)], rule))
    }
}
