import CoreMetrics
import Synchronization

/// One time series: a number, or the buckets of a histogram.
final class Series: CounterHandler, FloatingPointCounterHandler, MeterHandler, RecorderHandler, TimerHandler {
    enum Kind: String {
        case counter, gauge, histogram
    }

    /// Upper bounds of the buckets, in seconds: from a cached answer to a crowd in a camera original.
    static let bounds = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
    ]

    private struct Value {
        var sum = 0.0
        var count = 0
        var buckets = [Int](repeating: 0, count: Series.bounds.count)
    }

    let name: String
    let kind: Kind
    /// `key="value",…` without braces.
    let labels: String
    private let value = Mutex(Value())

    init(name: String, dimensions: [(String, String)], kind: Kind) {
        self.name = name
        self.kind = kind
        labels = dimensions.map { "\(prometheusName($0.0))=\"\(escaped($0.1))\"" }.joined(separator: ",")
    }

    func increment(by amount: Int64) { value.withLock { $0.sum += Double(amount) } }

    func increment(by amount: Double) { value.withLock { $0.sum += amount } }

    func decrement(by amount: Double) { value.withLock { $0.sum -= amount } }

    func reset() { value.withLock { $0 = Value() } }

    func set(_ number: Int64) { set(Double(number)) }

    func set(_ number: Double) { value.withLock { $0.sum = number } }

    func record(_ number: Int64) { record(Double(number)) }

    func record(_ number: Double) {
        if kind == .histogram { observe(number) } else { set(number) }
    }

    func recordNanoseconds(_ duration: Int64) { observe(Double(duration) / 1e9) }

    private func observe(_ number: Double) {
        value.withLock { value in
            value.sum += number
            value.count += 1
            if let bucket = Self.bounds.firstIndex(where: { number <= $0 }) { value.buckets[bucket] += 1 }
        }
    }

    func write(to text: inout String) {
        let value = value.withLock { $0 }
        guard kind == .histogram else {
            text += "\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(number(value.sum))\n"
            return
        }
        var reached = 0
        let prefix = labels.isEmpty ? "" : labels + ","
        for (bound, count) in zip(Self.bounds, value.buckets) {
            reached += count
            text += "\(name)_bucket{\(prefix)le=\"\(number(bound))\"} \(reached)\n"
        }
        text += "\(name)_bucket{\(prefix)le=\"+Inf\"} \(value.count)\n"
        text += "\(name)_sum\(labels.isEmpty ? "" : "{\(labels)}") \(number(value.sum))\n"
        text += "\(name)_count\(labels.isEmpty ? "" : "{\(labels)}") \(value.count)\n"
    }
}

private func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
}

private func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
        switch character {
        case "\\": result += "\\\\"
        case "\"": result += "\\\""
        case "\n": result += "\\n"
        default: result.append(character)
        }
    }
    return result
}
