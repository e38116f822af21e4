public import Imaging

/// A picture put together from others, for tests that need many faces, small ones, or none.
public struct Collage: Sendable {
    /// The picture's width.
    public let width: Int
    /// The picture's height.
    public let height: Int
    private var pixels: [UInt8]

    /// A plain grey canvas.
    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
        pixels = [UInt8](repeating: 96, count: 3 * width * height)
    }

    /// Puts a picture with its top left corner at a place; what reaches over the edge is cut off.
    public mutating func paste(_ picture: Picture, x: Int, y: Int) {
        for row in 0..<min(picture.height, height - y) {
            let length = 3 * min(picture.width, width - x)
            let source = 3 * row * picture.width
            let target = 3 * ((y + row) * width + x)
            pixels.replaceSubrange(target..<target + length, with: picture.pixels[source..<source + length])
        }
    }

    /// The canvas as it is.
    public var picture: Picture { Picture(width: width, height: height, pixels: pixels) }

    /// Eight photos of faces in two rows.
    public static func eightFaces() throws -> Picture {
        let photos: [Photo] = [
            .obama, .biden, .impostor2, .personA2, .personB1, .impostor1, .obamaPNG, .personB2,
        ]
        return try grid(photos, columns: 4, cellHeight: 400)
    }

    /// Photos in a grid, each as high as its cell.
    public static func grid(_ photos: [Photo], columns: Int, cellHeight: Int) throws -> Picture {
        let pictures = try photos.map { photo in
            let picture = try EncodedImage(photo.bytes()).decode(longestSideAtLeast: cellHeight).picture
            return picture.resized(width: picture.width * cellHeight / picture.height, height: cellHeight)
        }
        let cellWidth = pictures.map(\.width).max() ?? 1
        let rows = (photos.count + columns - 1) / columns
        var collage = Collage(width: columns * cellWidth, height: rows * cellHeight)
        for (index, picture) in pictures.enumerated() {
            collage.paste(picture, x: index % columns * cellWidth, y: index / columns * cellHeight)
        }
        return collage.picture
    }
}
