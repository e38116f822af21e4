import CGalleryKernels
import CProcessor

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
    /// What the scores are looked through with.
    let instructions: instruction_set
    private(set) var rows: [Row] = []
    private var room: Int
    private var threshold = -Float.infinity
    /// How many rows are looked at before the threshold is drawn closer: it grows, since a threshold over more rows is a
    /// better one. Without it thousands of rows would be kept and sorted at the start of every scan.
    private var step: Int

    init(limit: Int, slack: Float, instructions: instruction_set) {
        self.limit = limit
        self.slack = slack
        self.instructions = instructions
        room = max(256, 4 * min(limit, .max / 8))
        step = room
    }

    /// Takes the scores of rows that lie one after the other.
    ///
    /// - Parameter selection: room for as many numbers as there are scores.
    mutating func add(
        _ scores: UnsafeBufferPointer<Float>, firstRow: Int, selection: UnsafeMutableBufferPointer<UInt32>
    ) {
        var start = 0
        while start < scores.count {
            let end = min(scores.count, start + step)
            let part = unsafe UnsafeBufferPointer(rebasing: scores[start..<end])
            unsafe add(part, from: firstRow + start, selection: selection)
            start = end
            if step < Self.settledStep {
                prune()
                step *= 4
            }
        }
    }

    /// Beyond so many rows the threshold hardly moves any more.
    private static let settledStep = 1 << 16

    private mutating func add(
        _ scores: UnsafeBufferPointer<Float>, from firstRow: Int, selection: UnsafeMutableBufferPointer<UInt32>
    ) {
        let found = unsafe gallery_select(
            instructions, scores.baseAddress, scores.count, threshold, selection.baseAddress)
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
        threshold = limitBest - slack
        rows.removeAll { $0.score < threshold }
        // Many equal rows (one photo enrolled a thousand times) must not make every addition a selection.
        room = max(room, 2 * rows.count)
    }

    /// The `limit`-th best score.
    private var limitBest: Float {
        // To insert into a few numbers is quicker than to sort many.
        guard limit <= 64 else { return rows.map(\.score).sorted(by: >)[limit - 1] }
        var best = rows.prefix(limit).map(\.score).sorted(by: >)
        for row in rows.dropFirst(limit) where row.score > best[limit - 1] {
            var place = limit - 1
            while place > 0, best[place - 1] < row.score {
                best[place] = best[place - 1]
                place -= 1
            }
            best[place] = row.score
        }
        return best[limit - 1]
    }
}
