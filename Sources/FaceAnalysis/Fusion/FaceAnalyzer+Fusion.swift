public import FaceModel
import Imaging

extension FaceAnalyzer {
    /// Embeds faces in several views each, and averages: less of what belongs to the picture alone is left.
    ///
    /// - Parameter faces: the landmarks in pixels of the upright picture.
    /// - Returns: an embedding per face; `nil` where the landmarks cannot be aligned.
    /// - Throws: ``FaceAnalysisError``.
    public func fusedEmbeddings(
        of faces: [Landmarks], in bytes: [UInt8]
    ) async throws(FaceAnalysisError) -> [Embedding?] {
        guard !faces.isEmpty else { return [] }
        let limits = limits
        let header = try header(of: bytes)
        // The picture is mirrored, too.
        let memory = header.memoryToDecode + header.memoryOfPixels
        return try await threads.run(memory: memory) { (workspace) throws(FaceAnalysisError) in
            let image: EncodedImage
            do throws(ImagingError) { image = try EncodedImage(bytes, limits: limits) } catch { throw .image(error) }
            return try workspace.fusedEmbeddings(of: faces, in: image, views: FaceView.ofPhoto)
        }
    }

    /// Embeds pictures that are aligned faces already in two views each, as they are and mirrored.
    ///
    /// - Returns: an embedding per picture; `nil` for a picture of another size than the embedder's input.
    /// - Throws: ``FaceAnalysisError``.
    public func fusedEmbeddings(ofAligned files: [[UInt8]]) async throws(FaceAnalysisError) -> [Embedding?] {
        let limits = limits
        let template = AlignmentTemplate(manifest)
        return try await threads.run(memory: memoryToDecode(files)) { (workspace) throws(FaceAnalysisError) in
            var embeddings: [Embedding?] = []
            for file in files {
                let image: EncodedImage
                do throws(ImagingError) {
                    image = try EncodedImage(file, limits: limits)
                } catch {
                    throw .image(error)
                }
                guard image.width == template.width, image.height == template.height else {
                    embeddings.append(nil)
                    continue
                }
                embeddings += try workspace.fusedEmbeddings(
                    of: [template.landmarks], in: image, views: FaceView.ofCrop)
            }
            return embeddings
        }
    }
}

extension AlignmentTemplate {
    /// The template as the landmarks of a crop.
    fileprivate var landmarks: Landmarks {
        Landmarks(
            rightEye: points[0], leftEye: points[1], noseTip: points[2], rightMouthCorner: points[3],
            leftMouthCorner: points[4])
    }
}
