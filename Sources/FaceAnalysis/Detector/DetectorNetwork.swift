import Inference

/// What runs the detector's network. Belongs to one thread.
protocol DetectorNetwork: AnyObject {
    /// Runs the network on a picture.
    ///
    /// - Parameters:
    ///   - width: the columns, a multiple of ``YuNetLayout/sideMultiple``; likewise the rows.
    ///   - fill: writes the input: three planes of 0…255, blue first, every element of it.
    func run(width: Int, height: Int, fill: (inout MutableSpan<Float>) -> Void) throws(InferenceError)

    /// The faces that the last run saw at a stride, in pixels of its input.
    func detections(stride: Int, threshold: Float) throws(InferenceError) -> [Detection]
}

/// The detector in the inference runtime.
final class RuntimeDetector: DetectorNetwork {
    private var session: InferenceSession
    private let load: AnalysisLoad
    private var width = 0

    init(session: consuming InferenceSession, load: AnalysisLoad) {
        self.session = session
        self.load = load
    }

    func run(width: Int, height: Int, fill: (inout MutableSpan<Float>) -> Void) throws(InferenceError) {
        self.width = width
        try session.fill(shape: [1, 3, height, width], with: fill)
        try session.run(sharing: load)
    }

    func detections(stride: Int, threshold: Float) throws(InferenceError) -> [Detection] {
        YuNetLayout.decode(
            .init(
                classScores: try session.output("cls_\(stride)"), objectScores: try session.output("obj_\(stride)"),
                boxes: try session.output("bbox_\(stride)"), points: try session.output("kps_\(stride)")),
            stride: stride, columns: width / stride, threshold: threshold)
    }
}
