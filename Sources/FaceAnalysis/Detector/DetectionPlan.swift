import FaceModel

/// At which sizes a picture is looked at.
///
/// The first look has the detector's usual side. Faces below about ten pixels are invisible to it, so a large
/// picture is looked at again, finer, when nothing was found or when a face was found that is so small that others
/// may have been missed. Each look costs four times the one before; the finest side bounds time and memory.
package struct DetectionPlan {
    /// Pictures smaller than this are enlarged for the first look.
    package static let smallestSide = 160
    /// No look is finer than this.
    package static let finestSide = 1920
    /// A face with a longer side below this, in pixels of the look, calls for a finer look.
    package static let smallFace: Float = 40

    private let pictureSide: Int
    private let usualSide: Int

    /// - Parameters:
    ///   - pictureSide: the longest side of the whole picture.
    ///   - usualSide: the detector's usual side.
    package init(pictureSide: Int, usualSide: Int) {
        self.pictureSide = pictureSide
        self.usualSide = usualSide
    }

    /// The longest side of the first look.
    package var firstSide: Int { min(max(pictureSide, Self.smallestSide), usualSide) }

    /// The longest side of the look after one with the given result, or `nil` when it was the last.
    ///
    /// - Parameters:
    ///   - detections: what the look found, in pixels of a picture whose longest side is `pictureSide`.
    ///   - side: the longest side of that look.
    package func side(after side: Int, detections: [Detection]) -> Int? {
        let finest = min(pictureSide, Self.finestSide)
        // A gain of less than a quarter shows nothing new.
        guard finest * 4 >= side * 5 else { return nil }
        let factor = Float(side) / Float(pictureSide)
        let isSettled =
            !detections.isEmpty
            && detections.allSatisfy { max($0.box.width, $0.box.height) * factor >= Self.smallFace }
        return isSettled ? nil : min(2 * side, finest)
    }
}
