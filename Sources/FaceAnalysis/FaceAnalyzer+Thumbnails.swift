public import FaceModel
import Imaging

extension FaceAnalyzer {
    /// Faces of a picture as the embedder sees them: upright, in the size of its input, each as a JPEG of its own.
    ///
    /// - Parameter faces: the landmarks in pixels of the upright picture.
    /// - Returns: a file per face; `nil` where the landmarks cannot be aligned.
    /// - Throws: ``FaceAnalysisError``.
    public func thumbnails(
        of faces: [Landmarks], in bytes: [UInt8]
    ) async throws(FaceAnalysisError) -> [[UInt8]?] {
        guard !faces.isEmpty else { return [] }
        let template = AlignmentTemplate(manifest)
        let limits = limits
        return try await threads.run(memory: header(of: bytes).memoryToDecode) { (_) throws(FaceAnalysisError) in
            do throws(ImagingError) {
                return try Self.thumbnails(of: faces, in: EncodedImage(bytes, limits: limits), template)
            } catch {
                throw .image(error)
            }
        }
    }

    private static func thumbnails(
        of faces: [Landmarks], in image: EncodedImage, _ template: AlignmentTemplate
    ) throws(ImagingError) -> [[UInt8]?] {
        // The face that is shrunk least decides how finely the picture is decoded.
        let largest = faces.compactMap { template.transform(for: $0)?.scale }.max() ?? 1
        let side = Double(max(image.width, image.height)) * min(1, largest)
        let (picture, scale) = try image.decode(longestSideAtLeast: Int(side.rounded(.up)))
        var files: [[UInt8]?] = []
        for face in faces {
            guard let transform = template.transform(for: face.scaled(by: scale)) else {
                files.append(nil)
                continue
            }
            files.append(try picture.cropped(by: transform, width: template.width, height: template.height).jpeg())
        }
        return files
    }

    /// Embeds pictures that are aligned faces already, in the size of the embedder's input, without looking for faces.
    ///
    /// - Returns: an embedding per picture; `nil` for a picture of another size, or without a direction.
    /// - Throws: ``FaceAnalysisError``.
    public func embeddings(ofAligned files: [[UInt8]]) async throws(FaceAnalysisError) -> [Embedding?] {
        let limits = limits
        let (width, height) = (manifest.input.width, manifest.input.height)
        return try await threads.run(memory: memoryToDecode(files)) { (workspace) throws(FaceAnalysisError) in
            var embeddings: [Embedding?] = []
            for file in files {
                let picture: Picture
                do throws(ImagingError) {
                    picture = try EncodedImage(file, limits: limits).decode().picture
                } catch {
                    throw .image(error)
                }
                guard picture.width == width, picture.height == height else {
                    embeddings.append(nil)
                    continue
                }
                embeddings.append(try workspace.embedding(ofAligned: picture))
            }
            return embeddings
        }
    }
}
