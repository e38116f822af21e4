package import CProcessor
public import FaceModel
public import Foundation

/// A face of the gallery that is like a probe.
public struct GalleryMatch: Sendable, Hashable {
    /// The face.
    public let faceID: UUID
    /// Whose face it is.
    public let subjectID: UUID
    /// The cosine of the two embeddings, −1…1.
    public let cosine: Double
}

/// The faces that probes are compared with: a matrix of embeddings in memory and who each row belongs to.
///
/// Search is exact: the rows and their order are those of a plain loop over all rows with ``Embedding/cosine(to:)``,
/// equal scores in the order of insertion. Any number of threads search at the same time; a change waits for the
/// searches under way and is seen by every search that starts after it returned. Calls block, so they belong on
/// threads that may: see ``SearchQueue``.
///
/// Sendable because everything mutable is behind the lock.
public final class Gallery: @unchecked Sendable {
    let lock = ReadWriteLock()
    var matrix: EmbeddingMatrix
    var labels: [Label] = []
    private var rowOfFace: [UUID: Int] = [:]
    private var insertions: UInt64 = 0

    struct Label {
        var faceID: UUID
        var subjectID: UUID
        /// Grows with every insertion; decides between equal scores.
        var insertion: UInt64
    }

    /// How all rows are scored roughly, before the best are scored exactly; the result is the same.
    package enum Scan: Sendable, CaseIterable {
        /// One byte per number, with the kernels of ``CGalleryKernels``.
        case codes
        /// 32-bit floats, with OpenBLAS.
        case floats
    }

    let scan: Scan
    let instructions: instruction_set

    /// An empty gallery for embeddings of `dimension` numbers.
    public convenience init(dimension: Int) {
        let best = instruction_set_best()
        // Without byte arithmetic in vectors the codes are slower than OpenBLAS.
        self.init(dimension: dimension, scan: best == .portable ? .floats : .codes, instructions: best)
    }

    /// An empty gallery that is scanned in a given way, with instructions that this processor has.
    package init(dimension: Int, scan: Scan, instructions: instruction_set) {
        matrix = EmbeddingMatrix(dimension: dimension)
        self.scan = scan
        self.instructions = instructions
    }

    /// The number of faces.
    public var count: Int { lock.reading { matrix.count } }

    /// Adds a face, or replaces the embedding and the subject of the face with the same id, which keeps its place
    /// in the order of insertion.
    public func insert(face: UUID, subject: UUID, embedding: Embedding) {
        lock.writing {
            if let row = rowOfFace[face] {
                matrix.replace(row: row, with: embedding)
                labels[row].subjectID = subject
            } else {
                rowOfFace[face] = matrix.count
                matrix.append(embedding)
                labels.append(Label(faceID: face, subjectID: subject, insertion: insertions))
                insertions += 1
            }
        }
    }

    /// Removes faces; ids that the gallery does not hold are passed over.
    public func remove(faces: some Sequence<UUID>) {
        lock.writing {
            for face in faces {
                guard let row = rowOfFace.removeValue(forKey: face) else { continue }
                matrix.remove(row: row)
                labels.swapAt(row, labels.count - 1)
                labels.removeLast()
                if row < labels.count { rowOfFace[labels[row].faceID] = row }
            }
        }
    }

    /// Removes everything.
    public func removeAll() {
        lock.writing {
            matrix.removeAll()
            labels = []
            rowOfFace = [:]
        }
    }

    /// Whether the gallery holds a face.
    public func contains(face: UUID) -> Bool { lock.reading { rowOfFace[face] != nil } }
}
