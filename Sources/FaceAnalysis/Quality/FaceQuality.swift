package import FaceModel
import Foundation

/// How well a face can be recognised, 0…1: the product of four factors, so that one bad property is enough.
///
/// | factor | 1 from | falls to |
/// |---|---|---|
/// | detector score | 0.9 | 0 at 0.5, linearly |
/// | distance of the eyes in the picture | 32 pixels, about that of the aligned crop | 0 at 0, linearly |
/// | sharpness: variance of the Laplacian of the aligned grey crop | 120 | 0 at 0, with the square root |
/// | pose | straight | 0 at 90°: the cosines of yaw and pitch multiplied |
package enum FaceQuality {
    package static let fullScore: Float = 0.9
    package static let noScore: Float = 0.5
    package static let fullEyeDistance: Float = 32
    package static let fullSharpness: Float = 120

    package static func value(detectionScore: Float, eyeDistance: Float, sharpness: Float, pose: HeadPose) -> Float {
        let score = ramp((detectionScore - noScore) / (fullScore - noScore))
        let size = ramp(eyeDistance / fullEyeDistance)
        let sharp = ramp((max(0, sharpness) / fullSharpness).squareRoot())
        let radians = Float.pi / 180
        let straight = max(0, cos(pose.yaw * radians)) * max(0, cos(pose.pitch * radians))
        return score * size * sharp * straight
    }

    private static func ramp(_ value: Float) -> Float { min(1, max(0, value)) }
}
