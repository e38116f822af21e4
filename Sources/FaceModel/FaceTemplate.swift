/// An embedding in a form that can leave the server and come back.
///
/// Bytes: version (1), the first eight bytes of the model's SHA-256, the coordinates as little-endian 32-bit floats.
/// The model is named because embeddings of different models cannot be compared.
public struct FaceTemplate: Sendable, Hashable {
    /// The layout's version, the first byte.
    public static let version: UInt8 = 1
    private static let headerSize = 1 + ModelFingerprint.size

    /// How many bytes the template of an embedding with this many coordinates has.
    public static func byteCount(dimension: Int) -> Int { headerSize + 4 * dimension }

    /// The model that made the embedding.
    public let model: ModelFingerprint
    /// The embedding.
    public let embedding: Embedding

    /// A template of an embedding.
    public init(model: ModelFingerprint, embedding: Embedding) {
        self.model = model
        self.embedding = embedding
    }

    /// A template from its bytes.
    ///
    /// - Returns: `nil` for another version, another length than `dimension` asks for, or coordinates that are no
    ///   direction. Vectors are scaled to unit length.
    public init?(bytes: [UInt8], dimension: Int) {
        guard bytes.count == Self.byteCount(dimension: dimension), bytes[0] == Self.version else { return nil }
        var values: [Float] = []
        values.reserveCapacity(dimension)
        for offset in stride(from: Self.headerSize, to: bytes.count, by: 4) {
            let pattern = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) }
            values.append(Float(bitPattern: pattern))
        }
        guard let embedding = Embedding(normalizing: values) else { return nil }
        self.model = ModelFingerprint(bytes: Array(bytes[1..<Self.headerSize]))
        self.embedding = embedding
    }

    /// The bytes of the template.
    public var bytes: [UInt8] {
        [Self.version] + model.bytes + embedding.littleEndianBytes
    }
}

/// Which model made an embedding: the first eight bytes of the SHA-256 of its published file.
public struct ModelFingerprint: Sendable, Hashable {
    /// The number of bytes.
    public static let size = 8
    /// The bytes.
    public let bytes: [UInt8]

    /// A fingerprint from its bytes.
    ///
    /// - Precondition: there are eight.
    public init(bytes: [UInt8]) {
        precondition(bytes.count == Self.size, "a model fingerprint has eight bytes")
        self.bytes = bytes
    }

    /// A fingerprint from a SHA-256 in hexadecimal digits.
    ///
    /// - Returns: `nil` when the text does not begin with sixteen hexadecimal digits.
    public init?(sha256 text: String) {
        let digits = text.utf8.prefix(2 * Self.size).map { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count == 2 * Self.size else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[index], let low = digits[index + 1] else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        self.bytes = bytes
    }
}

extension Embedding {
    /// The coordinates as little-endian 32-bit floats, as they are stored.
    public var littleEndianBytes: [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: 4 * values.count) { bytes, count in
            for (index, value) in values.enumerated() {
                unsafe UnsafeMutableRawBufferPointer(bytes).storeBytes(
                    of: value.bitPattern.littleEndian, toByteOffset: 4 * index, as: UInt32.self)
            }
            count = 4 * values.count
        }
    }

    /// An embedding from the bytes of its coordinates, kept bit by bit.
    ///
    /// - Returns: `nil` when the bytes are no whole number of floats or no unit vector.
    public init?(littleEndianBytes bytes: [UInt8]) {
        guard bytes.count.isMultiple(of: 4) else { return nil }
        let values = unsafe bytes.withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map { index in
                Float(
                    bitPattern: UInt32(
                        littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)))
            }
        }
        self.init(stored: values)
    }
}
