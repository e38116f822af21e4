import FaceModel
import Foundation
import Imaging
import Inference

/// What one thread needs to analyse pictures, one after the other.
struct AnalysisWorkspace: ~Copyable {
    private var detector: FaceDetector
    private var embedder: FaceEmbedder
    private let attributeNetworks: AttributeNetworks?
    private var estimator: AttributeEstimator?
    let template: AlignmentTemplate
    private let usualSide: Int
    private let limits: ImageLimits
    private let maximumFaces: Int
    private let load: AnalysisLoad

    init(
        detector: consuming FaceDetector, embedder: consuming FaceEmbedder, attributeNetworks: AttributeNetworks?,
        manifest: ModelManifest, limits: ImageLimits, maximumFaces: Int, load: AnalysisLoad
    ) {
        self.detector = detector
        self.embedder = embedder
        self.attributeNetworks = attributeNetworks
        template = AlignmentTemplate(manifest)
        usualSide = manifest.detector.longestSide
        self.limits = limits
        self.maximumFaces = maximumFaces
        self.load = load
    }

    /// Decodes, detects, aligns, embeds, and estimates age and gender when they are wanted.
    mutating func analyse(
        _ bytes: [UInt8], wantsAttributes: Bool, queued: Duration
    ) throws(FaceAnalysisError) -> PictureAnalysis {
        var timings = PictureAnalysis.Timings()
        timings.queue = queued
        let image = try decoding { () throws(ImagingError) in try EncodedImage(bytes, limits: limits) }
        var view = try look(at: image, timings: &timings)
        let transforms = try sharpen(&view, of: image, timings: &timings)
        var faces = try embed(view, transforms: transforms, timings: &timings)
        if wantsAttributes { try estimateAttributes(of: &faces, in: view, timings: &timings) }
        return PictureAnalysis(
            width: image.width, height: image.height, faces: faces.sorted { $0.box.area > $1.box.area },
            timings: timings)
    }

    /// A decoded picture and the faces in its pixels.
    private struct View {
        var picture: Picture
        /// The picture's size over the full size.
        var scale: Float
        var detections: [Detection]
    }

    /// Looks for faces, finer as long as the plan asks for it.
    private mutating func look(
        at image: EncodedImage, timings: inout PictureAnalysis.Timings
    ) throws(FaceAnalysisError) -> View {
        let plan = DetectionPlan(pictureSide: max(image.width, image.height), usualSide: usualSide)
        var side = plan.firstSide
        var view = try decode(image, longestSide: side, timings: &timings)
        var found = try detect(in: view, longestSide: side, timings: &timings)
        while let finer = plan.side(after: side, detections: found) {
            if max(view.picture.width, view.picture.height) < finer {
                view = try decode(image, longestSide: finer, timings: &timings)
            }
            // A face that fills the picture may be too large for the finer look, so the looks are joined.
            found = suppressOverlaps(
                found + (try detect(in: view, longestSide: finer, timings: &timings)),
                threshold: detector.overlapThreshold)
            side = finer
        }
        let scale = view.scale
        view.detections = found.largest(maximumFaces).map { $0.scaled(by: scale) }
        return view
    }

    /// Detections in pixels of the full-size picture.
    private mutating func detect(
        in view: View, longestSide: Int, timings: inout PictureAnalysis.Timings
    ) throws(FaceAnalysisError) -> [Detection] {
        let start = ContinuousClock.now
        defer { timings.detect += ContinuousClock.now - start }
        do {
            return try detector.detect(in: view.picture, longestSide: longestSide).map { $0.scaled(by: 1 / view.scale) }
        } catch {
            throw .network(error)
        }
    }

    private func decode(
        _ image: EncodedImage, longestSide: Int, timings: inout PictureAnalysis.Timings
    ) throws(FaceAnalysisError) -> View {
        let start = ContinuousClock.now
        defer { timings.decode += ContinuousClock.now - start }
        let (picture, scale) = try decoding { () throws(ImagingError) in
            try load.withCrew { (crew) throws(ImagingError) in
                try image.decode(longestSideAtLeast: longestSide, helpers: crew)
            }
        }
        return View(picture: picture, scale: scale, detections: [])
    }

    private func decoding<R>(_ body: () throws(ImagingError) -> R) throws(FaceAnalysisError) -> R {
        do { return try body() } catch { throw .image(error) }
    }

    /// The alignment of each face; decodes again, finer, when a crop would have to be enlarged and the file has more
    /// to show.
    private func sharpen(
        _ view: inout View, of image: EncodedImage, timings: inout PictureAnalysis.Timings
    ) throws(FaceAnalysisError) -> [SimilarityTransform?] {
        let transforms = view.detections.map { template.transform(for: $0.landmarks) }
        let enlargement = transforms.compactMap { $0?.scale }.max() ?? 0
        guard view.scale < 1, enlargement > 1 else { return transforms }
        let decodedSide = Double(max(view.picture.width, view.picture.height))
        let detections = view.detections
        let fine = try decode(image, longestSide: Int((decodedSide * enlargement).rounded(.up)), timings: &timings)
        guard fine.scale > view.scale else { return transforms }
        let factor = fine.scale / view.scale
        view = fine
        view.detections = detections.map { $0.scaled(by: factor) }
        return view.detections.map { template.transform(for: $0.landmarks) }
    }

    private mutating func embed(
        _ view: View, transforms: [SimilarityTransform?], timings: inout PictureAnalysis.Timings
    ) throws(FaceAnalysisError) -> [DetectedFace] {
        let start = ContinuousClock.now
        defer { timings.embed += ContinuousClock.now - start }
        // Landmarks that all fall on one point cannot be aligned: no face worth the name.
        let aligned = zip(view.detections, transforms).compactMap { detection, transform in
            transform.map { (detection: detection, transform: $0) }
        }
        let results: [FaceEmbedder.Result?]
        do {
            results = try embedder.embed(view.picture, transforms: aligned.map(\.transform))
        } catch {
            throw .network(error)
        }
        return zip(aligned, results).compactMap { aligned, result in
            result.map { face(aligned.detection.scaled(by: 1 / view.scale), $0) }
        }
    }

    /// Embeds a picture that is an aligned face already.
    mutating func embedding(ofAligned picture: Picture) throws(FaceAnalysisError) -> Embedding? {
        do {
            return try embedder.embed(picture, transforms: [.identity]).first??.embedding
        } catch {
            throw .network(error)
        }
    }

    /// The faces of a picture whose longest side is brought to `longestSide`, in pixels of the picture.
    mutating func detect(in picture: Picture, longestSide: Int) throws(FaceAnalysisError) -> [Detection] {
        do {
            return try detector.detect(in: picture, longestSide: longestSide)
        } catch {
            throw .network(error)
        }
    }

    /// Embeds crops of a picture; those without a direction are left out.
    mutating func embed(
        _ picture: Picture, transforms: [SimilarityTransform]
    ) throws(FaceAnalysisError) -> [Embedding] {
        do {
            return try embedder.embed(picture, transforms: transforms).compactMap { $0?.embedding }
        } catch {
            throw .network(error)
        }
    }

    private mutating func estimateAttributes(
        of faces: inout [DetectedFace], in view: View, timings: inout PictureAnalysis.Timings
    ) throws(FaceAnalysisError) {
        guard let attributeNetworks else { return }
        let start = ContinuousClock.now
        defer { timings.attributes += ContinuousClock.now - start }
        do {
            if estimator == nil { estimator = try attributeNetworks.makeEstimator() }
            for index in faces.indices {
                faces[index].attributes = try estimator?.attributes(
                    of: faces[index].landmarks.scaled(by: view.scale), in: view.picture)
            }
        } catch {
            throw .network(error)
        }
    }

    private func face(_ detection: Detection, _ result: FaceEmbedder.Result) -> DetectedFace {
        let pose = HeadPose(landmarks: detection.landmarks)
        return DetectedFace(
            box: detection.box, landmarks: detection.landmarks, detectionScore: detection.score, pose: pose,
            quality: FaceQuality.value(
                detectionScore: detection.score,
                eyeDistance: detection.landmarks.rightEye.distance(to: detection.landmarks.leftEye),
                sharpness: result.sharpness, pose: pose),
            embedding: result.embedding, sharpness: result.sharpness)
    }
}
