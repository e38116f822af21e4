import CoreMetrics
import Telemetry
import Testing

struct PrometheusRegistryTests {
    @Test func `counters, gauges and histograms are written as Prometheus reads them`() {
        let registry = PrometheusRegistry()
        registry.makeCounter(label: "faces.found", dimensions: [("camera.name", "gate \"2\"\n")]).increment(by: 3)
        registry.makeRecorder(label: "queue.depth", dimensions: [], aggregate: false).record(Int64(7))
        registry.makeMeter(label: "load", dimensions: []).set(0.25)
        let timer = registry.makeTimer(label: "work.duration", dimensions: [("stage", "detect")])
        timer.recordNanoseconds(3_000_000)
        timer.recordNanoseconds(700_000_000)
        let text = registry.text()
        #expect(
            text.hasPrefix(
                """
                # TYPE faces_found_total counter
                faces_found_total{camera_name="gate \\"2\\"\\n"} 3
                # TYPE load gauge
                load 0.25
                # TYPE queue_depth gauge
                queue_depth 7
                # TYPE work_duration_seconds histogram
                work_duration_seconds_bucket{stage="detect",le="0.0005"} 0

                """), "\(text)")
        #expect(text.contains(#"work_duration_seconds_bucket{stage="detect",le="0.0025"} 0"#))
        #expect(text.contains(#"work_duration_seconds_bucket{stage="detect",le="0.005"} 1"#))
        #expect(text.contains(#"work_duration_seconds_bucket{stage="detect",le="1"} 2"#))
        #expect(text.contains(#"work_duration_seconds_bucket{stage="detect",le="+Inf"} 2"#))
        #expect(text.contains(#"work_duration_seconds_sum{stage="detect"} 0.703"#))
        #expect(text.contains(#"work_duration_seconds_count{stage="detect"} 2"#))
    }

    @Test func `the same label and dimensions are one series, however often they are asked for`() async {
        let registry = PrometheusRegistry()
        await withTaskGroup { group in
            for _ in 0..<100 {
                group.addTask { registry.makeCounter(label: "hits", dimensions: [("a", "b")]).increment(by: 1) }
            }
        }
        #expect(registry.text() == "# TYPE hits_total counter\nhits_total{a=\"b\"} 100\n")
    }
}
