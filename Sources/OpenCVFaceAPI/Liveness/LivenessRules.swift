import FaceModel
import Recognition

/// Why the liveness of a picture's face cannot be told.
enum LivenessFault: Error, Sendable, Hashable, CaseIterable {
    case noFace, severalFaces, tooSmall, cropped, tooClose, nearBorder, turned, blurry
}

/// What a picture must show so that the liveness of its face can be told.
struct LivenessRules: Sendable {
    /// The smallest side of the face's box in pixels.
    let smallestBox: Float
    /// The smallest distance of the eyes in pixels.
    let smallestEyeDistance: Float
    /// The smallest distance of the box from the picture's border in pixels.
    let smallestMargin: Float
    /// The largest turn and nod in degrees.
    let largestAngle: Float
    /// The lowest sharpness of the aligned face; `nil`: whatever it is.
    let lowestSharpness: Float?

    /// A face fills the frame from this part of the picture's side.
    private static let wholeFrame: Float = 0.9
    /// Other faces below this part of the main one's area are background.
    private static let backgroundArea: Float = 0.25

    /// The cloud API's numbers; blurred faces have a sharpness of about 20, crisp ones of some hundreds.
    static let cloud = LivenessRules(
        smallestBox: 224, smallestEyeDistance: 80, smallestMargin: 25, largestAngle: 30, lowestSharpness: 20)
    /// The FR Server's numbers, which has no code for blur.
    static let server = LivenessRules(
        smallestBox: 150, smallestEyeDistance: 50, smallestMargin: 15, largestAngle: 30, lowestSharpness: nil)

    /// The one main face of a picture, when it meets the rules.
    func mainFace(of picture: Examination) throws(LivenessFault) -> (index: Int, face: DetectedFace) {
        guard let index = picture.faces.firstIndex(where: { $0.face != nil }), let face = picture.faces[index].face
        else { throw .noFace }
        let others = picture.faces.compactMap(\.face).dropFirst()
        guard !others.contains(where: { $0.box.area >= Self.backgroundArea * face.box.area }) else {
            throw .severalFaces
        }
        let box = face.box
        guard min(box.width, box.height) >= smallestBox,
            face.landmarks.rightEye.distance(to: face.landmarks.leftEye) >= smallestEyeDistance
        else { throw .tooSmall }
        let (width, height) = (Float(picture.width), Float(picture.height))
        let margin = min(box.x, box.y, width - box.x - box.width, height - box.y - box.height)
        guard margin >= 0 else { throw .cropped }
        guard box.width < Self.wholeFrame * width, box.height < Self.wholeFrame * height else { throw .tooClose }
        guard margin >= smallestMargin else { throw .nearBorder }
        guard abs(face.pose.yaw) <= largestAngle, abs(face.pose.pitch) <= largestAngle else { throw .turned }
        if let lowestSharpness, let sharpness = face.sharpness, sharpness < lowestSharpness { throw .blurry }
        return (index, face)
    }
}
