import FaceModel
import Imaging

extension FaceAnalyzer {
    /// Whether a picture has the size of the embedder's input, and its one face lies where the embedder wants it.
    ///
    /// - Throws: ``FaceAnalysisError``.
    public func isAligned(_ bytes: [UInt8]) async throws(FaceAnalysisError) -> Bool {
        let limits = limits
        return try await threads.run(memory: header(of: bytes).memoryToDecode) {
            (workspace) throws(FaceAnalysisError) in
            let picture: Picture
            do throws(ImagingError) {
                let image = try EncodedImage(bytes, limits: limits)
                guard workspace.template.hasSize(of: image) else { return false }
                picture = try image.decode().picture
            } catch {
                throw .image(error)
            }
            return try workspace.isAligned(picture)
        }
    }
}

extension AlignmentTemplate {
    fileprivate func hasSize(of image: EncodedImage) -> Bool { image.width == width && image.height == height }

    /// The mean distance of a face's points from the template's.
    fileprivate func distance(of landmarks: Landmarks) -> Float {
        let found = landmarks.points
        return found.indices.reduce(Float(0)) { $0 + found[$1].distance(to: points[$1]) } / Float(points.count)
    }
}

extension AnalysisWorkspace {
    /// How far off the points of a crop may be, in parts of its side.
    ///
    /// On the sample photos the detector finds the points of crops that were coded anew up to 5.3 pixels from where
    /// they were put (partly hidden faces included, others below 4.2), those of crops that were moved by 9 pixels from
    /// 9.2 on, enlarged ones from 7.4 on, and those of portraits at the same size from 23 on.
    private static let tolerance: Float = 0.06

    /// Whether the face of a picture in the embedder's size lies where the embedder wants it.
    fileprivate mutating func isAligned(_ picture: Picture) throws(FaceAnalysisError) -> Bool {
        // The detector needs something around a face, so the crop is put into the middle of a black canvas.
        let margin = picture.width / 2
        let faces = try detect(in: picture.framed(by: margin), longestSide: 2 * picture.width)
        guard let largest = faces.max(by: { $0.box.area < $1.box.area }) else { return false }
        let landmarks = largest.landmarks.moved(x: -Float(margin), y: -Float(margin))
        return template.distance(of: landmarks) <= Self.tolerance * Float(picture.width)
    }
}
