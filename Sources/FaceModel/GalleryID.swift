public import Foundation

extension UUID {
    /// The gallery that all dialects share: Face Intellect's database, Enface's default list, OpenCV FR's persons
    /// outside any collection. The number is Enface's fixed default id.
    public static let sharedGallery = UUID(
        uuid: (0x13, 0x81, 0x40, 0x01, 0x1D, 0xD2, 0x11, 0xB2, 0xB6, 0x19, 0x55, 0x02, 0xC2, 0x7E, 0xD1, 0x9C))
}
