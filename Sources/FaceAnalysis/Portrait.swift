import FaceModel
import Imaging

/// Cuts captured faces out of frames.
enum Portrait {
    /// Room on each side of a face, as a part of the face's size: hair, chin and shoulders.
    private static let margin: Float = 0.45
    /// The longest side that a large face is brought to, in pixels; smaller ones keep their size.
    private static let longestSide = 400

    static func files(of boxes: [BoundingBox], in image: EncodedImage) throws(ImagingError) -> [[UInt8]] {
        let frames = boxes.map(withMargin)
        // The smallest face decides how finely the picture is decoded.
        let smallest = frames.map { max($0.width, $0.height) }.min() ?? 1
        let fullSide = Float(max(image.width, image.height))
        let wanted = min(fullSide, fullSide * Float(longestSide) / max(1, smallest))
        let (picture, scale) = try image.decode(longestSideAtLeast: Int(wanted.rounded(.up)))
        var files: [[UInt8]] = []
        for frame in frames {
            let part = picture.part(frame.scaled(by: scale)) ?? picture
            files.append(try shrunk(part).jpeg())
        }
        return files
    }

    private static func withMargin(_ box: BoundingBox) -> BoundingBox {
        BoundingBox(
            x: box.x - margin * box.width, y: box.y - margin * box.height, width: box.width * (1 + 2 * margin),
            height: box.height * (1 + 2 * margin))
    }

    private static func shrunk(_ picture: Picture) -> Picture {
        let side = max(picture.width, picture.height)
        guard side > longestSide else { return picture }
        return picture.resized(
            width: max(1, picture.width * longestSide / side), height: max(1, picture.height * longestSide / side))
    }
}
