import CGalleryKernels
import COpenBLAS
public import FaceModel
import Foundation

extension Gallery {
    /// The answer to a search for several probes.
    public struct SearchResult: Sendable {
        /// For each probe the best matches, highest cosine first.
        public let matches: [[GalleryMatch]]
        /// How many faces each probe was compared with.
        public let comparedCount: Int
    }

    /// Finds the subjects most alike, each with its best face.
    ///
    /// - Parameters:
    ///   - probes: what to look for; several probes at once share one pass over the matrix.
    ///   - limit: how many subjects per probe at most.
    /// - Precondition: `limit` is at least 1 and the probes have the gallery's dimension.
    public func search(_ probes: [Embedding], limit: Int) -> SearchResult {
        precondition(limit >= 1, "a search asks for at least one subject")
        precondition(
            probes.allSatisfy { $0.dimension == matrix.dimension },
            "the gallery holds embeddings of \(matrix.dimension) numbers")
        return lock.reading {
            var matches = nearestFaces(to: probes, limit: limit).map { firstOfEachSubject($0) }
            // Subjects with several faces crowd others out: those probes are searched again, deeper.
            for index in probes.indices {
                var depth = limit
                while matches[index].count < limit, depth < matrix.count {
                    depth = min(matrix.count, 2 * depth)
                    matches[index] = firstOfEachSubject(nearestFaces(to: [probes[index]], limit: depth)[0])
                }
                matches[index] = Array(matches[index].prefix(limit))
            }
            return SearchResult(matches: matches, comparedCount: matrix.count)
        }
    }

    private func firstOfEachSubject(_ matches: [GalleryMatch]) -> [GalleryMatch] {
        var seen: Set<UUID> = []
        return matches.filter { seen.insert($0.subjectID).inserted }
    }

    /// The `limit` faces with the highest cosine for each probe, equal ones in the order of insertion.
    ///
    /// A scan over all rows scores them roughly; the few rows that can be among the best are scored again by the sum
    /// that defines the cosine, so the digits depend neither on the scan nor on how many probes were searched together.
    private func nearestFaces(to probes: [Embedding], limit: Int) -> [[GalleryMatch]] {
        let limit = min(limit, matrix.count)
        guard limit > 0 else { return probes.map { _ in [] } }
        let candidates =
            switch scan {
            case .codes: scanCodes(probes, limit: limit)
            case .floats: scanFloats(probes, limit: limit)
            }
        return zip(probes, candidates).map { probe, rows in
            let cosines = unsafe probe.values.withUnsafeBufferPointer { values in
                unsafe matrix.cosines(rows: rows.map(\.index), to: values)
            }
            let ordered = zip(rows, cosines).map { (row: $0.index, cosine: $1) }.sorted {
                $0.cosine != $1.cosine
                    ? $0.cosine > $1.cosine : labels[$0.row].insertion < labels[$1.row].insertion
            }
            return ordered.prefix(limit).map { row, cosine in
                GalleryMatch(faceID: labels[row].faceID, subjectID: labels[row].subjectID, cosine: cosine)
            }
        }
    }

    /// One pass over the codes; a block of codes stays in the cache while every probe looks at it.
    private func scanCodes(_ probes: [Embedding], limit: Int) -> [[BestRows.Row]] {
        let blockRows = 1024
        // Rows of scores a little longer than a page, so that they do not compete for the same places of a cache.
        let scoreRow = blockRows + 16
        // So many probes share a look at the codes; their scores stay in a core's own caches.
        let sharing = min(SearchQueue.largestBatch, probes.count)
        let probeCodes = probes.map { EmbeddingCodes($0, largest: EmbeddingCodes.largestProbeCode) }
        let codeLength = EmbeddingCodes.rowLength(dimension: matrix.dimension)
        let packed = probeCodes.flatMap(\.codes)
        var best = probeCodes.map {
            BestRows(
                limit: limit, slack: 2 * $0.errorBound(largestResidual: matrix.largestResidual),
                instructions: instructions)
        }
        let scores = UnsafeMutableBufferPointer<Float>.allocate(capacity: sharing * scoreRow)
        let selection = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: blockRows)
        defer {
            unsafe scores.deallocate()
            unsafe selection.deallocate()
        }
        unsafe packed.withUnsafeBufferPointer { packed in
            let kernelProbes = unsafe probeCodes.enumerated().map { number, probe in
                unsafe gallery_probe(
                    codes: packed.baseAddress.map { unsafe $0 + number * codeLength }, sum: probe.sum,
                    scale: probe.scale)
            }
            unsafe kernelProbes.withUnsafeBufferPointer { kernelProbes in
                unsafe matrix.forEachBlock(of: blockRows) { block in
                    for first in stride(from: 0, to: probes.count, by: sharing) {
                        let some = unsafe UnsafeBufferPointer(
                            rebasing: kernelProbes[first..<min(first + sharing, probes.count)])
                        unsafe gallery_score_codes(
                            instructions, block.codes, block.scales, block.rows, codeLength, some.baseAddress,
                            some.count, scores.baseAddress, scoreRow)
                        for number in 0..<some.count {
                            let start = number * scoreRow
                            unsafe best[first + number].add(
                                UnsafeBufferPointer(rebasing: scores[start..<start + block.rows]),
                                firstRow: block.firstRow, selection: selection)
                        }
                    }
                }
            }
        }
        return best.indices.map { best[$0].finish() }
    }

    /// One pass over the floats with OpenBLAS, for processors without byte arithmetic; a block's scores stay in the
    /// cache until they are looked at.
    private func scanFloats(_ probes: [Embedding], limit: Int) -> [[BestRows.Row]] {
        let dimension = matrix.dimension
        let blockRows = probes.count == 1 ? 8192 : 1024
        // A sum of n products in any order is off by at most n·u·Σ|aᵢbᵢ| ≤ n·u for unit vectors (Higham, Accuracy and
        // Stability of Numerical Algorithms, §3.1; u = 2⁻²⁴); doubled for vectors whose length was rounded, too.
        let slack = 4 * Float(dimension) * Float.ulpOfOne / 2
        var best = probes.map { _ in BestRows(limit: limit, slack: slack, instructions: instructions) }
        let packed = probes.flatMap(\.values)
        let scores = UnsafeMutableBufferPointer<Float>.allocate(capacity: probes.count * blockRows)
        let selection = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: blockRows)
        defer {
            unsafe scores.deallocate()
            unsafe selection.deallocate()
        }
        unsafe matrix.forEachBlock(of: blockRows) { block in
            if probes.count == 1 {
                unsafe cblas_sgemv(
                    CblasRowMajor, CblasNoTrans, Int32(block.rows), Int32(dimension), 1, block.values, Int32(dimension),
                    packed, 1, 0, scores.baseAddress, 1)
            } else {
                unsafe cblas_sgemm(
                    CblasRowMajor, CblasNoTrans, CblasTrans, Int32(probes.count), Int32(block.rows), Int32(dimension),
                    1, packed, Int32(dimension), block.values, Int32(dimension), 0, scores.baseAddress, Int32(blockRows)
                )
            }
            for probe in probes.indices {
                let start = probe * blockRows
                unsafe best[probe].add(
                    UnsafeBufferPointer(rebasing: scores[start..<start + block.rows]), firstRow: block.firstRow,
                    selection: selection)
            }
        }
        return best.indices.map { best[$0].finish() }
    }
}
