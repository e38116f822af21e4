import CGalleryKernels

/// Collects the rows that may be among the best `limit` of a scan whose scores are off by up to an error.
///
/// A row is let go only when `limit` other rows are better by more than the error can explain, so the best rows by
/// exact score are always among those that are kept.
struct BestRows {
    struct Row {
        var index: Int
        var score: Float
    }

    let limit: Int
    /// Twice the largest error of a score.
    let slack: Float
    private(set) var rows: [Row] = []
    private var room: Int
    private var threshold = -Float.infinity

    init(limit: Int, slack: Float) {
        self.limit = limit
        self.slack = slack
        room = max(256, 4 * min(limit, .max / 8))
    }

    /// Takes the scores of rows that lie one after the other.
    ///
    /// - Parameter selection: room for as many numbers as there are scores.
    mutating func add(
        _ scores: UnsafeBufferPointer<Float>, firstRow: Int, selection: UnsafeMutableBufferPointer<UInt32>
    ) {
        let found = unsafe gallery_select(scores.baseAddress, scores.count, threshold, selection.baseAddress)
        for number in 0..<found {
            let offset = unsafe Int(selection[number])
            let score = unsafe scores[offset]
            guard score >= threshold else { continue }
            rows.append(Row(index: firstRow + offset, score: score))
            if rows.count > room { prune() }
        }
    }

    /// The rows that are left at the end of the scan.
    mutating func finish() -> [Row] {
        prune()
        return rows
    }

    private mutating func prune() {
        guard rows.count > limit else { return }
        rows.sort { $0.score > $1.score }
        threshold = rows[limit - 1].score - slack
        if let end = rows.lastIndex(where: { $0.score >= threshold }) { rows.removeSubrange((end + 1)...) }
        // Many equal rows (one photo enrolled a thousand times) must not make every addition a sort.
        room = max(room, 2 * rows.count)
    }
}
