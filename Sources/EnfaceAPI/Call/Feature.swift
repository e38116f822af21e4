import HTTPSupport

/// What can be estimated of a face. There is no network for race here, so it is never told.
enum Feature: Hashable {
    case gender, age, race
    /// A feature of the later platform that nothing here estimates.
    case other(String)

    var name: String {
        switch self {
        case .gender: "gender"
        case .age: "age"
        case .race: "race"
        case .other(let name): name
        }
    }

    /// The feature with a name.
    init(name: String) {
        switch name {
        case "gender": self = .gender
        case "age": self = .age
        case "race": self = .race
        default: self = .other(name)
        }
    }

    /// Features as a request lists them: words, or in the later profile objects with a `name`.
    static func list(
        _ field: Field, in profile: Profile, mayBeEmpty: Bool = false
    ) throws(EnfaceFailure) -> [Feature] {
        var names: [String] = []
        if profile == .neurovision, let elements = field.elements, elements.contains(where: { $0.object != nil }) {
            for element in elements {
                guard let name = element.object?["name"]?.text ?? element.text else { throw .invalidSchema }
                names.append(name)
            }
        } else {
            names = try field.texts(splitsAtCommas: true)
        }
        guard mayBeEmpty || !names.isEmpty else { throw .invalidSchema }
        var features: [Feature] = []
        for name in names {
            let feature = Feature(name: name)
            if case .other = feature, profile != .neurovision || name.isEmpty { throw .invalidSchema }
            features.append(feature)
        }
        return features
    }
}
