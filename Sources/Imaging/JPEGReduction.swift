/// The sizes at which a JPEG decodes quickly: those for which the decoder has vectorised transforms.
enum JPEGReduction: Int, CaseIterable {
    case none = 1
    case half = 2
    case quarter = 4
    case eighth = 8

    /// The size in relation to the full one.
    var scale: Float { 1 / Float(rawValue) }

    /// A side after reduction; a part of a pixel counts as one (`TJSCALED`).
    func reduced(_ side: Int) -> Int { (side + rawValue - 1) / rawValue }

    /// The smallest size whose longer side still has `wanted` pixels.
    static func forSide(_ wanted: Int?, of longestSide: Int) -> JPEGReduction {
        guard let wanted else { return .none }
        return allCases.last { $0.reduced(longestSide) >= wanted } ?? .none
    }
}
