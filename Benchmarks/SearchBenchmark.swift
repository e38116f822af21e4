import FaceModel
import Foundation
import Gallery

/// Exact search on one thread.
struct SearchBenchmark {
    func run(into table: inout Table) {
        let gallery = Gallery(dimension: 128)
        var random = RandomEmbeddings()
        let probes = (0..<64).map { _ in random.next() }
        for size in [10_000, 100_000, 1_000_000] {
            while gallery.count < size {
                let face = UUID()
                gallery.insert(face: face, subject: face, embedding: random.next())
            }
            for count in [1, 8, 64] {
                let times = size == 1_000_000 ? 5 : 30
                let samples = measure(times) { _ = gallery.search(Array(probes.prefix(count)), limit: 10) }
                let median = samples.sorted()[samples.count / 2]
                table.add(
                    "search \(size) faces, \(count) probe\(count == 1 ? "" : "s")", samples,
                    rate: Double(count) / (median / .seconds(1)))
            }
        }
    }
}

/// Embeddings that are the same in every run: unit vectors without a preferred direction.
struct RandomEmbeddings {
    private var state: UInt64 = 42

    mutating func next() -> Embedding {
        while true {
            // A sum of uniform numbers is near enough to a normal distribution for a fair direction.
            let values = (0..<128).map { _ in uniform() + uniform() + uniform() - 1.5 }
            if let embedding = Embedding(normalizing: values) { return embedding }
        }
    }

    private mutating func uniform() -> Float {
        // xorshift64* (Vigna 2016).
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return Float((state &* 2_685_821_657_736_338_717) >> 40) / Float(1 << 24)
    }
}
