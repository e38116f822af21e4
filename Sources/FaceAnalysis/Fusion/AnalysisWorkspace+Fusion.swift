import FaceModel
import Imaging
import Inference

extension AnalysisWorkspace {
    /// The mean embedding of several views of each face.
    mutating func fusedEmbeddings(
        of faces: [Landmarks], in image: EncodedImage, views: [FaceView]
    ) throws(FaceAnalysisError) -> [Embedding?] {
        let template = template
        // The face that is shrunk least decides how finely the picture is decoded.
        let largest = faces.compactMap { template.transform(for: $0)?.scale }.max() ?? 1
        let side = Double(max(image.width, image.height)) * min(1, largest)
        let picture: Picture
        let scale: Float
        do throws(ImagingError) {
            (picture, scale) = try image.decode(longestSideAtLeast: Int(side.rounded(.up)))
        } catch {
            throw .image(error)
        }
        let mirrored = picture.mirrored
        var fused: [Embedding?] = []
        for face in faces.map({ $0.scaled(by: scale) }) {
            var embeddings: [Embedding] = []
            for isMirrored in [false, true] {
                let points = isMirrored ? face.mirrored(inWidth: picture.width) : face
                guard let transform = template.transform(for: points) else { continue }
                let transforms = views.filter { $0.isMirrored == isMirrored }.map {
                    ChipFraming(zoom: $0.zoom, shift: 0).applied(to: transform, side: template.width)
                }
                embeddings += try embed(isMirrored ? mirrored : picture, transforms: transforms)
            }
            fused.append(Embedding(meanOf: embeddings))
        }
        return fused
    }
}
