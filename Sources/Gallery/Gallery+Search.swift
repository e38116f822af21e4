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
    /// OpenBLAS scores all rows in single precision; the few rows that can be among the best are scored again by the
    /// sum that defines the cosine, so the digits do not depend on how many probes were searched together.
    private func nearestFaces(to probes: [Embedding], limit: Int) -> [[GalleryMatch]] {
        let limit = min(limit, matrix.count)
        guard limit > 0 else { return probes.map { _ in [] } }
        let packed = probes.flatMap(\.values)
        return unsafe packed.withUnsafeBufferPointer { packed in
            let candidates = unsafe scan(packed, probeCount: probes.count, limit: limit)
            return candidates.enumerated().map { index, rows in
                let start = index * matrix.dimension
                let probe = unsafe UnsafeBufferPointer(rebasing: packed[start..<start + matrix.dimension])
                let scored = rows.map { row in (row: row.index, cosine: unsafe matrix.cosine(row: row.index, to: probe))
                }
                let ordered = scored.sorted {
                    $0.cosine != $1.cosine
                        ? $0.cosine > $1.cosine : labels[$0.row].insertion < labels[$1.row].insertion
                }
                return ordered.prefix(limit).map { row, cosine in
                    GalleryMatch(faceID: labels[row].faceID, subjectID: labels[row].subjectID, cosine: cosine)
                }
            }
        }
    }

    /// One blocked pass over the matrix; a block's scores stay in the cache until they are looked at.
    private func scan(_ probes: UnsafeBufferPointer<Float>, probeCount: Int, limit: Int) -> [[BestRows.Row]] {
        let dimension = matrix.dimension
        let blockRows = probeCount == 1 ? 8192 : 1024
        // A sum of n products in any order is off by at most n·u·Σ|aᵢbᵢ| ≤ n·u for unit vectors (Higham, Accuracy and
        // Stability of Numerical Algorithms, §3.1; u = 2⁻²⁴); doubled for vectors whose length was rounded, too.
        let slack = 4 * Float(dimension) * Float.ulpOfOne / 2
        var best = (0..<probeCount).map { _ in BestRows(limit: limit, slack: slack) }
        let scores = UnsafeMutableBufferPointer<Float>.allocate(capacity: probeCount * blockRows)
        defer { unsafe scores.deallocate() }
        unsafe matrix.forEachBlock(of: blockRows) { first, count, block in
            if probeCount == 1 {
                unsafe cblas_sgemv(
                    CblasRowMajor, CblasNoTrans, Int32(count), Int32(dimension), 1, block, Int32(dimension),
                    probes.baseAddress, 1, 0, scores.baseAddress, 1)
            } else {
                unsafe cblas_sgemm(
                    CblasRowMajor, CblasNoTrans, CblasTrans, Int32(probeCount), Int32(count), Int32(dimension), 1,
                    probes.baseAddress, Int32(dimension), block, Int32(dimension), 0, scores.baseAddress,
                    Int32(blockRows))
            }
            for probe in 0..<probeCount {
                let start = probe * blockRows
                unsafe best[probe].add(
                    UnsafeBufferPointer(rebasing: scores[start..<start + count]), firstRow: first)
            }
        }
        return best.indices.map { best[$0].finish() }
    }
}
