import CTurboJPEG
import Imaging

/// JPEG files of kinds that the server itself never writes.
enum MadeJPEG {
    /// Encodes raw pixels.
    static func encode(
        _ pixels: [UInt8], width: Int, height: Int, format: TJPF, subsampling: TJSAMP = TJSAMP_444, flags: Int32 = 0
    ) -> [UInt8] {
        let encoder = unsafe tjInitCompress()
        defer { unsafe tjDestroy(encoder) }
        var file: UnsafeMutablePointer<UInt8>?
        var size: UInt = 0
        let status = unsafe tjCompress2(
            encoder, pixels, Int32(width), 0, Int32(height), format.rawValue, &file, &size,
            Int32(subsampling.rawValue), 95, flags)
        defer { unsafe tjFree(file) }
        precondition(status == 0)
        return unsafe [UInt8](UnsafeBufferPointer(start: file, count: Int(size)))
    }

    /// A progressive file.
    static func progressive(_ picture: Picture) -> [UInt8] {
        encode(
            picture.pixels, width: picture.width, height: picture.height, format: TJPF_RGB, flags: TJFLAG_PROGRESSIVE)
    }

    /// A marker segment.
    static func segment(_ marker: UInt8, _ payload: [UInt8]) -> [UInt8] {
        let length = payload.count + 2
        return [0xFF, marker, UInt8(length >> 8), UInt8(length & 0xFF)] + payload
    }

    /// Puts a segment behind the start of a file.
    static func splice(marker: UInt8, _ payload: [UInt8], into file: [UInt8]) -> [UInt8] {
        file[..<2] + segment(marker, payload) + file[2...]
    }

    /// An EXIF block with one orientation entry behind a few others.
    static func tiff(orientation: Int, bigEndian: Bool) -> [UInt8] {
        func number(_ value: Int, _ bytes: Int) -> [UInt8] {
            let little = (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
            return bigEndian ? little.reversed() : little
        }
        var block = Array((bigEndian ? "MM" : "II").utf8) + number(42, 2) + number(8, 4) + number(2, 2)
        block += number(0x0100, 2) + number(4, 2) + number(1, 4) + number(640, 4)
        block += number(0x0112, 2) + number(3, 2) + number(1, 4) + number(orientation, 2) + number(0, 2)
        return block + number(0, 4)
    }

    /// The file with an EXIF orientation.
    static func oriented(_ file: [UInt8], _ orientation: Int, bigEndian: Bool = false) -> [UInt8] {
        splice(
            marker: 0xE1, Array("Exif\0\0".utf8) + tiff(orientation: orientation, bigEndian: bigEndian), into: file)
    }

    /// The file with other sides in its frame header, whatever its pixels are.
    static func declaring(width: Int, height: Int, _ file: [UInt8]) -> [UInt8] {
        var file = file
        guard let frame = file.indices.dropLast(9).first(where: { file[$0] == 0xFF && file[$0 + 1] == 0xC0 }) else {
            preconditionFailure("no baseline frame")
        }
        file[frame + 5] = UInt8(height >> 8)
        file[frame + 6] = UInt8(height & 0xFF)
        file[frame + 7] = UInt8(width >> 8)
        file[frame + 8] = UInt8(width & 0xFF)
        return file
    }
}
