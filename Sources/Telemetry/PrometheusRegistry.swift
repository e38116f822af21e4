public import CoreMetrics
import Synchronization

/// Collects the metrics of the process and writes them in the Prometheus text format, version 0.0.4.
///
/// Written by hand as none of the packages that this project can use exports Prometheus text. Counters are counters,
/// gauges and meters are gauges, timers and aggregating recorders are histograms; timers are in seconds.
public final class PrometheusRegistry: MetricsFactory, Sendable {
    private struct Key: Hashable {
        let label: String
        let dimensions: [String]
    }

    private struct Families {
        var series: [Key: Series] = [:]
    }

    private let families = Mutex(Families())

    /// An empty registry.
    public init() {}

    /// All metrics as text, families and series in alphabetical order.
    public func text() -> String {
        let series = families.withLock { Array($0.series.values) }
        let byFamily = Dictionary(grouping: series) { $0.name }
        var text = ""
        for (name, members) in byFamily.sorted(by: { $0.key < $1.key }) {
            guard let kind = members.first?.kind else { continue }
            text += "# TYPE \(name) \(kind.rawValue)\n"
            for member in members.sorted(by: { $0.labels < $1.labels }) { member.write(to: &text) }
        }
        return text
    }

    /// A counter; the name gets the suffix `_total`.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions, kind: .counter, suffix: "_total")
    }

    /// A counter of fractions; the name gets the suffix `_total`.
    public func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        series(label, dimensions, kind: .counter, suffix: "_total")
    }

    /// A gauge.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions, kind: .gauge, suffix: "")
    }

    /// A histogram, or a gauge when the recorder does not aggregate.
    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        series(label, dimensions, kind: aggregate ? .histogram : .gauge, suffix: "")
    }

    /// A histogram of seconds; the name gets the suffix `_seconds`.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions, kind: .histogram, suffix: "_seconds")
    }

    /// Series live as long as the process: a counter that vanishes and returns at zero would read as a restart.
    public func destroyCounter(_ handler: any CounterHandler) {}
    /// See ``destroyCounter(_:)``.
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    /// See ``destroyCounter(_:)``.
    public func destroyMeter(_ handler: any MeterHandler) {}
    /// See ``destroyCounter(_:)``.
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    /// See ``destroyCounter(_:)``.
    public func destroyTimer(_ handler: any TimerHandler) {}

    private func series(
        _ label: String, _ dimensions: [(String, String)], kind: Series.Kind, suffix: String
    ) -> Series {
        let key = Key(label: label, dimensions: dimensions.flatMap { [$0.0, $0.1] })
        return families.withLock { families in
            if let known = families.series[key] { return known }
            let fresh = Series(name: prometheusName(label) + suffix, dimensions: dimensions, kind: kind)
            families.series[key] = fresh
            return fresh
        }
    }
}

/// A label with the characters that Prometheus allows: letters, digits, underscores and colons.
func prometheusName(_ label: String) -> String {
    String(label.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == ":") ? $0 : "_" })
}
