import CGalleryKernels
import FaceModel
import Glibc

/// Embeddings as the rows of a row-major matrix of 32-bit floats, with the codes of each row beside it.
///
/// The rows lie in chunks that never move: a gallery of a million faces grows without copying half a gigabyte, and
/// the part of a chunk that no row has reached yet takes no memory. Rows of one chunk are contiguous. From the second
/// chunk on the memory comes in pages of 2 MiB where the system has them: a scan then waits for a tenth to a third less.
@safe struct EmbeddingMatrix: ~Copyable {
    /// Rows per chunk: 8 MiB at 128 numbers, so that a scan is not slowed by the seams.
    static let chunkRows = 16_384

    let dimension: Int
    private(set) var count = 0
    /// No row's codes are farther than this from its embedding; it does not shrink when rows go.
    private(set) var largestResidual: Float = 0
    private var chunks: [Chunk]

    init(dimension: Int) {
        self.dimension = dimension
        unsafe chunks = []
    }

    deinit { unsafe chunks.forEach { unsafe $0.deallocate() } }

    private var codeLength: Int { EmbeddingCodes.rowLength(dimension: dimension) }

    private var capacity: Int { unsafe chunks.count * Self.chunkRows }

    mutating func append(_ embedding: Embedding) {
        if count == capacity {
            unsafe chunks.append(
                Chunk(
                    rows: Self.chunkRows, dimension: dimension, codeLength: codeLength, inLargePages: !chunks.isEmpty))
        }
        count += 1
        replace(row: count - 1, with: embedding)
    }

    mutating func replace(row: Int, with embedding: Embedding) {
        precondition(embedding.dimension == dimension, "the gallery holds embeddings of \(dimension) numbers")
        let codes = EmbeddingCodes(embedding, largest: EmbeddingCodes.largestRowCode)
        let (chunk, place) = unsafe locate(row)
        for (index, value) in embedding.values.enumerated() { unsafe chunk.values[place * dimension + index] = value }
        for (index, code) in codes.codes.enumerated() {
            unsafe chunk.codes[codePlace(place, index)] = UInt8(Int(code) + Int(gallery_code_zero))
        }
        unsafe chunk.scales[place] = codes.scale
        largestResidual = max(largestResidual, codes.residual)
    }

    /// Where the kernels look for a code of a row of a chunk.
    private func codePlace(_ row: Int, _ index: Int) -> Int {
        let group = Int(gallery_group_rows)
        return (row / group * codeLength + index / 4 * 4) * group + row % group * 4 + index % 4
    }

    /// Removes a row; the last row takes its place.
    mutating func remove(row: Int) {
        let last = count - 1
        if row != last {
            let (target, place) = unsafe locate(row)
            let (source, end) = unsafe locate(last)
            unsafe (target.values + place * dimension).update(from: source.values + end * dimension, count: dimension)
            for index in 0..<codeLength {
                unsafe target.codes[codePlace(place, index)] = source.codes[codePlace(end, index)]
            }
            unsafe target.scales[place] = source.scales[end]
        }
        count = last
        if count <= capacity - 2 * Self.chunkRows, let chunk = unsafe chunks.popLast() { unsafe chunk.deallocate() }
    }

    /// Forgets all rows and gives the memory back.
    mutating func removeAll() {
        unsafe chunks.forEach { unsafe $0.deallocate() }
        unsafe chunks = []
        count = 0
        largestResidual = 0
    }

    /// Some rows that lie one after the other.
    @unsafe struct Block {
        let firstRow: Int
        let rows: Int
        let values: UnsafePointer<Float>
        let codes: UnsafePointer<UInt8>
        let scales: UnsafePointer<Float>
    }

    /// Calls `body` with runs of at most `size` rows that lie one after the other, in row order.
    ///
    /// - Precondition: `size` is a multiple of the rows of a group of codes.
    func forEachBlock(of size: Int, _ body: (Block) -> Void) {
        precondition(size % Int(gallery_group_rows) == 0, "blocks begin where groups do")
        var first = 0
        while first < count {
            let rows = min(size, Self.chunkRows - first % Self.chunkRows, count - first)
            let (chunk, place) = unsafe locate(first)
            unsafe body(
                Block(
                    firstRow: first, rows: rows, values: chunk.values + place * dimension,
                    codes: chunk.codes + place * codeLength, scales: chunk.scales + place))
            first += rows
        }
    }

    /// The exact scores of some rows, by the same sum as ``FaceModel/Embedding/cosine(to:)``.
    func cosines(rows: [Int], to probe: UnsafeBufferPointer<Float>) -> [Double] {
        var cosines: [Double] = []
        cosines.reserveCapacity(rows.count)
        // A sum waits for each of its additions; four sums wait together.
        for start in stride(from: 0, to: rows.count, by: 4) {
            let last = rows.count - 1
            let (a, b) = unsafe (values(rows[start]), values(rows[min(start + 1, last)]))
            let (c, d) = unsafe (values(rows[min(start + 2, last)]), values(rows[min(start + 3, last)]))
            var sums = SIMD4<Double>.zero
            for index in 0..<dimension {
                let products = unsafe SIMD4(
                    Double(a[index]), Double(b[index]), Double(c[index]), Double(d[index]))
                unsafe sums += products * Double(probe[index])
            }
            for index in 0..<min(4, rows.count - start) { cosines.append(min(1, max(-1, sums[index]))) }
        }
        return cosines
    }

    @unsafe private func values(_ row: Int) -> UnsafePointer<Float> {
        let (chunk, place) = unsafe locate(row)
        return unsafe UnsafePointer(chunk.values + place * dimension)
    }

    private func locate(_ row: Int) -> (Chunk, place: Int) {
        precondition(row >= 0 && row < count, "row \(row) of \(count)")
        return unsafe (chunks[row / Self.chunkRows], row % Self.chunkRows)
    }

    /// The memory of some rows.
    @unsafe private struct Chunk {
        let values: UnsafeMutablePointer<Float>
        let codes: UnsafeMutablePointer<UInt8>
        let scales: UnsafeMutablePointer<Float>

        init(rows: Int, dimension: Int, codeLength: Int, inLargePages: Bool) {
            unsafe values = Self.allocate(rows * dimension, inLargePages: inLargePages)
            unsafe codes = Self.allocate(rows * codeLength, inLargePages: inLargePages)
            unsafe scales = Self.allocate(rows, inLargePages: false)
        }

        func deallocate() {
            unsafe UnsafeMutableRawPointer(values).deallocate()
            unsafe UnsafeMutableRawPointer(codes).deallocate()
            unsafe UnsafeMutableRawPointer(scales).deallocate()
        }

        private static let largePage = 2 << 20

        private static func allocate<Element>(
            _ count: Int, inLargePages: Bool
        ) -> UnsafeMutablePointer<Element> {
            let bytes = count * MemoryLayout<Element>.stride
            let memory = unsafe UnsafeMutableRawPointer.allocate(
                byteCount: bytes, alignment: inLargePages ? largePage : 64)
            // A wish; without it the memory is the same, in small pages.
            if inLargePages { _ = unsafe madvise(memory, bytes, MADV_HUGEPAGE) }
            return unsafe memory.bindMemory(to: Element.self, capacity: count)
        }
    }
}
