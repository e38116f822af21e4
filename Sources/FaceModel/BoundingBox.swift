/// A place in a picture, in pixels, x to the right and y down, (0, 0) the top left corner of the picture.
public struct Point: Sendable, Hashable {
    /// Pixels from the left edge.
    public var x: Float
    /// Pixels from the top edge.
    public var y: Float

    /// A point from its two coordinates.
    public init(x: Float, y: Float) {
        self.x = x
        self.y = y
    }

    /// The distance to another point in pixels.
    public func distance(to other: Point) -> Float {
        let dx = x - other.x
        let dy = y - other.y
        return (dx * dx + dy * dy).squareRoot()
    }
}

/// An upright rectangle in pixels; it may reach over the edge of its picture.
public struct BoundingBox: Sendable, Hashable {
    /// Left edge.
    public var x: Float
    /// Top edge.
    public var y: Float
    /// Distance from the left to the right edge, 0 or more.
    public var width: Float
    /// Distance from the top to the bottom edge, 0 or more.
    public var height: Float

    /// A box from its top left corner and its sides.
    public init(x: Float, y: Float, width: Float, height: Float) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }

    /// The area in square pixels.
    public var area: Float { width * height }

    /// The same box in a picture `factor` times as large.
    public func scaled(by factor: Float) -> BoundingBox {
        BoundingBox(x: x * factor, y: y * factor, width: width * factor, height: height * factor)
    }

    /// Intersection over union with another box: 0 apart, 1 equal.
    public func overlap(with other: BoundingBox) -> Float {
        let width = min(x + self.width, other.x + other.width) - max(x, other.x)
        let height = min(y + self.height, other.y + other.height) - max(y, other.y)
        guard width > 0, height > 0 else { return 0 }
        let shared = width * height
        return shared / (area + other.area - shared)
    }
}
