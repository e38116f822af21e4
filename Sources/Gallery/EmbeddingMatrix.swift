import FaceModel

/// Embeddings as the rows of a row-major matrix of 32-bit floats.
///
/// The rows lie in chunks that never move: a gallery of a million faces grows without copying half a gigabyte, and
/// the part of a chunk that no row has reached yet takes no memory. Rows of one chunk are contiguous.
@safe struct EmbeddingMatrix: ~Copyable {
    /// Rows per chunk: 8 MiB at 128 numbers, so that a scan is not slowed by the seams.
    static let chunkRows = 16_384

    let dimension: Int
    private(set) var count = 0
    private var chunks: [UnsafeMutablePointer<Float>]

    init(dimension: Int) {
        self.dimension = dimension
        unsafe chunks = []
    }

    deinit { unsafe chunks.forEach { unsafe UnsafeMutableRawPointer($0).deallocate() } }

    private var capacity: Int { unsafe chunks.count * Self.chunkRows }

    mutating func append(_ embedding: Embedding) {
        if count == capacity {
            let bytes = Self.chunkRows * dimension * MemoryLayout<Float>.stride
            let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
            unsafe chunks.append(memory.bindMemory(to: Float.self, capacity: Self.chunkRows * dimension))
        }
        count += 1
        replace(row: count - 1, with: embedding)
    }

    mutating func replace(row: Int, with embedding: Embedding) {
        precondition(embedding.dimension == dimension, "the gallery holds embeddings of \(dimension) numbers")
        let values = unsafe pointer(to: row)
        for (index, value) in embedding.values.enumerated() { unsafe values[index] = value }
    }

    /// Removes a row; the last row takes its place.
    mutating func remove(row: Int) {
        let last = count - 1
        if row != last { unsafe pointer(to: row).update(from: pointer(to: last), count: dimension) }
        count = last
        if count <= capacity - 2 * Self.chunkRows, let chunk = unsafe chunks.popLast() {
            unsafe UnsafeMutableRawPointer(chunk).deallocate()
        }
    }

    /// Forgets all rows and gives the memory back.
    mutating func removeAll() {
        unsafe chunks.forEach { unsafe UnsafeMutableRawPointer($0).deallocate() }
        unsafe chunks = []
        count = 0
    }

    /// Calls `body` with runs of at most `size` rows that lie one after the other, in row order.
    func forEachBlock(of size: Int, _ body: (_ firstRow: Int, _ rows: Int, UnsafePointer<Float>) -> Void) {
        var first = 0
        while first < count {
            let restOfChunk = Self.chunkRows - first % Self.chunkRows
            let rows = min(size, restOfChunk, count - first)
            unsafe body(first, rows, pointer(to: first))
            first += rows
        }
    }

    /// The exact score of a row, by the same sum as ``FaceModel/Embedding/cosine(to:)``.
    func cosine(row: Int, to probe: UnsafeBufferPointer<Float>) -> Double {
        let values = unsafe pointer(to: row)
        var sum = 0.0
        for index in 0..<dimension { unsafe sum += Double(values[index]) * Double(probe[index]) }
        return min(1, max(-1, sum))
    }

    private func pointer(to row: Int) -> UnsafeMutablePointer<Float> {
        precondition(row >= 0 && row < count, "row \(row) of \(count)")
        return unsafe chunks[row / Self.chunkRows] + row % Self.chunkRows * dimension
    }
}
