/// The rules of recognition that can be changed while the server runs; the defaults are the product's.
public struct RecognitionSettings: Sendable, Hashable {
    /// For how many days captured faces and events are kept.
    public var retentionDays = 30
    /// Whether the frames in which a face stays in view make one pass, kept with its best frame.
    public var selectsBestFrame = true
    /// How long a face may be out of view until it makes another pass, in milliseconds.
    public var faceLostAge = 1000
    /// The similarity 0…1 from which a person counts as recognised.
    public var similarityLevel = 0.5
    /// How many hits a pass keeps.
    public var similarFaces = 5
    /// The quality 0…1 below which a captured face is not compared with anybody.
    public var minimumRecognitionQuality = 0.6
    /// The quality 0…1 that a captured face needs to be added to the database by itself.
    public var minimumEnrolmentQuality = 0.8
    /// The quality 0…1 below which a photo that a client sends is refused; 0: no limit.
    public var minimumPhotoQuality = 0.0
    /// Whether captured faces that nobody is like become persons.
    public var addsUnrecognised = false
    /// The department of persons that were added so.
    public var unrecognisedDepartment = ""
    /// For how many days persons that were added so are kept; 0: for ever.
    public var unrecognisedRetentionDays = 0
    /// Whether age and gender of captured faces are estimated.
    public var estimatesAttributes = true
    /// Whether every pass also raises an event for access control.
    public var raisesAccessEvents = false

    /// The product's settings.
    public init() {}
}

extension RecognitionSettings {
    /// A setting's value of any kind.
    public enum Value: Sendable, Hashable {
        /// A whole number.
        case integer(Int)
        /// A number.
        case number(Double)
        /// Yes or no.
        case flag(Bool)
        /// A text.
        case text(String)
    }

    /// Why a value is not taken.
    public enum Refusal: Error, Sendable, Hashable, CustomStringConvertible {
        /// No setting has this name.
        case unknown(String)
        /// The value is of another kind than the setting.
        case wrongKind(String, expected: String)
        /// The value lies outside of the setting's range.
        case outOfRange(String, allowed: String)

        /// One line for people.
        public var description: String {
            switch self {
            case .unknown(let name): "there is no setting \(name)"
            case .wrongKind(let name, let expected): "\(name) must be \(expected)"
            case .outOfRange(let name, let allowed): "\(name) must be from \(allowed)"
            }
        }
    }

    private enum Field: Sendable {
        case integer(any WritableKeyPath<RecognitionSettings, Int> & Sendable, ClosedRange<Int>)
        case number(any WritableKeyPath<RecognitionSettings, Double> & Sendable, ClosedRange<Double>)
        case flag(any WritableKeyPath<RecognitionSettings, Bool> & Sendable)
        case text(any WritableKeyPath<RecognitionSettings, String> & Sendable)
    }

    /// The settings by the names that clients use, in the order in which they are listed.
    private static let fields: [(name: String, field: Field)] = [
        ("retentionDays", .integer(\.retentionDays, 1...9999)),
        ("selectsBestFrame", .flag(\.selectsBestFrame)),
        ("faceLostAge", .integer(\.faceLostAge, 0...3_600_000)),
        ("similarityLevel", .number(\.similarityLevel, 0...1)),
        ("similarFaces", .integer(\.similarFaces, 1...20)),
        ("minimumRecognitionQuality", .number(\.minimumRecognitionQuality, 0...1)),
        ("minimumEnrolmentQuality", .number(\.minimumEnrolmentQuality, 0...1)),
        ("minimumPhotoQuality", .number(\.minimumPhotoQuality, 0...1)),
        ("addsUnrecognised", .flag(\.addsUnrecognised)),
        ("unrecognisedDepartment", .text(\.unrecognisedDepartment)),
        ("unrecognisedRetentionDays", .integer(\.unrecognisedRetentionDays, 0...9999)),
        ("estimatesAttributes", .flag(\.estimatesAttributes)),
        ("raisesAccessEvents", .flag(\.raisesAccessEvents)),
    ]

    /// All settings with their values, always in the same order.
    public var values: [(name: String, value: Value)] {
        Self.fields.map { name, field in
            switch field {
            case .integer(let path, _): (name, .integer(self[keyPath: path]))
            case .number(let path, _): (name, .number(self[keyPath: path]))
            case .flag(let path): (name, .flag(self[keyPath: path]))
            case .text(let path): (name, .text(self[keyPath: path]))
            }
        }
    }

    /// Changes one setting.
    public mutating func set(_ name: String, to value: Value) throws(Refusal) {
        guard let field = Self.fields.first(where: { $0.name == name })?.field else { throw .unknown(name) }
        switch (field, value) {
        case (.integer(let path, let range), .integer(let value)):
            guard range.contains(value) else {
                throw .outOfRange(name, allowed: "\(range.lowerBound) to \(range.upperBound)")
            }
            self[keyPath: path] = value
        case (.number(let path, let range), .number(let value)):
            try setNumber(path, name, to: value, in: range)
        case (.number(let path, let range), .integer(let value)):
            try setNumber(path, name, to: Double(value), in: range)
        case (.flag(let path), .flag(let value)): self[keyPath: path] = value
        case (.text(let path), .text(let value)):
            guard !value.utf8.contains(0) else { throw .wrongKind(name, expected: "a text without NUL") }
            self[keyPath: path] = value
        case (.integer, _): throw .wrongKind(name, expected: "a whole number")
        case (.number, _): throw .wrongKind(name, expected: "a number")
        case (.flag, _): throw .wrongKind(name, expected: "true or false")
        case (.text, _): throw .wrongKind(name, expected: "a text")
        }
    }

    private mutating func setNumber(
        _ path: WritableKeyPath<RecognitionSettings, Double>, _ name: String, to value: Double,
        in range: ClosedRange<Double>
    ) throws(Refusal) {
        guard range.contains(value) else {
            throw .outOfRange(name, allowed: "\(Int(range.lowerBound)) to \(Int(range.upperBound))")
        }
        self[keyPath: path] = value
    }
}
