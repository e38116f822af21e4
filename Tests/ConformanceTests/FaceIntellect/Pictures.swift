import Foundation
import Imaging
import TestKit

/// Pictures that tests make themselves.
enum Pictures {
    /// Grey, no face.
    static func plain() throws -> [UInt8] { try Collage(width: 640, height: 480).picture.jpeg() }

    /// Eight photos side by side.
    static func eightFaces() throws -> [UInt8] { try Collage.eightFaces().jpeg() }

    /// A large face and one below 5 % of its area.
    static func largeAndTinyFace() throws -> [UInt8] {
        let large = try EncodedImage(Photo.biden.bytes()).decode(longestSideAtLeast: 600).picture
        let tiny = try EncodedImage(Photo.obama.bytes()).decode(longestSideAtLeast: 60).picture
        let side = 80
        var collage = Collage(width: large.width + side, height: max(large.height, side))
        collage.paste(large, x: 0, y: 0)
        collage.paste(
            tiny.resized(width: side, height: max(1, tiny.height * side / tiny.width)), x: large.width, y: 0)
        return try collage.picture.jpeg()
    }

    /// What clients send in place of a picture.
    enum Broken: String, CaseIterable, Sendable {
        case text, truncatedJPEG, headOfJPEG, onePixel, hugePNG, emptyPNG, zeros

        func bytes() throws -> [UInt8] {
            switch self {
            case .text: return Array("This is a text file and no picture.\n".utf8)
            case .truncatedJPEG: return Array(try Photo.personA1.bytes().prefix(1200))
            case .headOfJPEG: return [0xFF, 0xD8, 0xFF]
            case .onePixel: return PNG.grey(width: 1, height: 1, scanlines: [0, 128])
            case .hugePNG: return PNG.grey(width: 30_000, height: 30_000, scanlines: [UInt8](repeating: 0, count: 900))
            case .emptyPNG: return PNG.grey(width: 0, height: 0, scanlines: [])
            case .zeros: return [UInt8](repeating: 0, count: 5000)
            }
        }
    }

    static let broken = Broken.allCases
}

extension [UInt8] {
    /// The bytes as clients send them.
    func base64() -> String { Data(self).base64EncodedString() }
}
