import FaceModel
import Imaging
import Inference

/// Finds faces in one picture of one size. Belongs to one thread.
struct FaceDetector: ~Copyable {
    private let network: any DetectorNetwork
    private let scoreThreshold: Float
    let overlapThreshold: Float

    init(network: any DetectorNetwork, settings: ModelManifest.Detector) {
        self.network = network
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
        try network.run(width: paddedWidth, height: paddedHeight) { input in
            picture.resample(
                toWidth: width, height: height, paddedWidth: paddedWidth, paddedHeight: paddedHeight, order: .bgr,
                into: &input)
        }
        var found: [Detection] = []
        for stride in YuNetLayout.strides {
            found += try network.detections(stride: stride, threshold: scoreThreshold)
        }
        return suppressOverlaps(found.filter(\.isPlausible), threshold: overlapThreshold).map {
            $0.scaled(by: 1 / factor)
        }
    }

    private func padded(_ side: Int) -> Int {
        (side + YuNetLayout.sideMultiple - 1) / YuNetLayout.sideMultiple * YuNetLayout.sideMultiple
    }
}
