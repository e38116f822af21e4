/// In which order a network wants its three colour planes.
public enum ChannelOrder: Sendable, Hashable {
    /// Red, green, blue.
    case rgb
    /// Blue, green, red.
    case bgr

    /// Where the plane of red starts, for planes of `count` elements.
    func redOffset(planeSize count: Int) -> Int { self == .rgb ? 0 : 2 * count }
    /// Where the plane of blue starts.
    func blueOffset(planeSize count: Int) -> Int { self == .rgb ? 2 * count : 0 }
}
