import HTTPSupport

/// What is wrong with one value of a request.
struct FieldFault: Error, Sendable, Hashable {
    /// A step on the way to the value.
    enum Step: Sendable, Hashable, ExpressibleByStringLiteral {
        case key(String)
        case index(Int)

        init(stringLiteral value: String) { self = .key(value) }
    }

    /// The rule that is broken.
    enum Rule: Sendable, Hashable {
        case missing, text, list, object, flag, integer, number, date, nul
        case tooShort(Int), tooLong(Int), tooFew(Int), tooMany(Int)
        case below(Double), above(Double)
        case choice([String])
        case json(String)
    }

    let place: [Step]
    let rule: Rule

    init(at place: [Step], _ rule: Rule) {
        self.place = place
        self.rule = rule
    }

    /// The rule's short name.
    var type: String {
        switch rule {
        case .missing: "missing"
        case .text: "string_type"
        case .list: "list_type"
        case .object: "dict_type"
        case .flag: "bool_type"
        case .integer: "int_type"
        case .number: "float_type"
        case .date: "date_from_datetime_parsing"
        case .nul: "string_pattern_mismatch"
        case .tooShort: "string_too_short"
        case .tooLong: "string_too_long"
        case .tooFew: "too_short"
        case .tooMany: "too_long"
        case .below: "greater_than_equal"
        case .above: "less_than_equal"
        case .choice: "enum"
        case .json: "json_invalid"
        }
    }

    /// One line for people.
    var message: String {
        switch rule {
        case .missing: "Field required"
        case .text: "Input should be a valid string"
        case .list: "Input should be a valid list"
        case .object: "Input should be a valid dictionary"
        case .flag: "Input should be a valid boolean"
        case .integer: "Input should be a valid integer"
        case .number: "Input should be a valid number"
        case .date: "Input should be a valid date, YYYY-MM-DD"
        case .nul: "String should not hold the character NUL"
        case .tooShort(let count): "String should have at least \(count) characters"
        case .tooLong(let count): "String should have at most \(count) characters"
        case .tooFew(let count): "List should have at least \(count) items"
        case .tooMany(let count): "List should have at most \(count) items"
        case .below(let limit): "Input should be greater than or equal to \(Self.text(limit))"
        case .above(let limit): "Input should be less than or equal to \(Self.text(limit))"
        case .choice(let values): "Input should be \(values.map { "'\($0)'" }.joined(separator: " or "))"
        case .json(let reason): reason
        }
    }

    /// The way to the value in one line.
    var path: String {
        place.map { step in
            switch step {
            case .key(let key): key
            case .index(let index): "\(index)"
            }
        }.joined(separator: ".")
    }

    private static func text(_ number: Double) -> String {
        Int(exactly: number).map { "\($0)" } ?? "\(number)"
    }
}

/// A request with values that break rules.
struct InvalidInput: Error {
    let faults: [FieldFault]

    init(_ faults: [FieldFault]) { self.faults = faults }

    init(_ fault: FieldFault) { faults = [fault] }
}
