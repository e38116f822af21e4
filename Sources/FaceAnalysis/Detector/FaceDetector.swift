import FaceModel
import Imaging
import Inference

/// Finds faces in one picture of one size. Belongs to one thread.
struct FaceDetector: ~Copyable {
    private var session: InferenceSession
    private let scoreThreshold: Float
    let overlapThreshold: Float

    private let load: AnalysisLoad

    init(session: consuming InferenceSession, settings: ModelManifest.Detector, load: AnalysisLoad) {
        self.session = session
        self.load = load
        scoreThreshold = settings.scoreThreshold
        overlapThreshold = settings.overlapThreshold
    }

    /// Looks at the picture with its longest side brought to `longestSide`.
    ///
    /// - Returns: the faces in pixels of `picture`, best score first.
    mutating func detect(
        in picture: Picture, longestSide: Int
    ) throws(InferenceError) -> [Detection] {
        let factor = Float(longestSide) / Float(max(picture.width, picture.height))
        let width = max(1, Int((Float(picture.width) * factor).rounded()))
        let height = max(1, Int((Float(picture.height) * factor).rounded()))
        let paddedWidth = padded(width)
        let paddedHeight = padded(height)
        try session.fill(shape: [1, 3, paddedHeight, paddedWidth]) { input in
            picture.resample(
                toWidth: width, height: height, paddedWidth: paddedWidth, paddedHeight: paddedHeight, order: .bgr,
                into: &input)
        }
        try session.run(sharing: load)
        var found: [Detection] = []
        for stride in YuNetLayout.strides {
            found += try decode(stride: stride, columns: paddedWidth / stride)
        }
        return suppressOverlaps(found, threshold: overlapThreshold).map { $0.scaled(by: 1 / factor) }
    }

    private func padded(_ side: Int) -> Int {
        (side + YuNetLayout.sideMultiple - 1) / YuNetLayout.sideMultiple * YuNetLayout.sideMultiple
    }

    private func decode(stride: Int, columns: Int) throws(InferenceError) -> [Detection] {
        YuNetLayout.decode(
            .init(
                classScores: try session.output("cls_\(stride)"), objectScores: try session.output("obj_\(stride)"),
                boxes: try session.output("bbox_\(stride)"), points: try session.output("kps_\(stride)")),
            stride: stride, columns: columns, threshold: scoreThreshold)
    }
}
