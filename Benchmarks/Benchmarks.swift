import ArgumentParser
import Foundation

/// Measures the stages of the pipeline, the search, and whole requests over HTTP, and prints one table.
@main
struct Benchmarks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "firserver-bench",
        abstract: "Measure the pipeline, the search and the server.",
        discussion: """
            Absolute times belong to this machine and this moment; compare ratios within one run. `make setup` must have \
            brought models and photos.
            """)

    @Flag(help: "Only the stages of the pipeline.")
    var pipeline = false

    @Flag(help: "Only the networks, without anything around them.")
    var networks = false

    @Flag(help: "Only the search.")
    var search = false

    @Flag(help: "Only requests over HTTP.")
    var http = false

    @Option(help: "How long each measurement of networks and of HTTP runs, in seconds.")
    var seconds = 10

    @Option(help: "Faces in the gallery of the HTTP measurements.")
    var gallery = 100_000

    func run() async throws {
        let everything = !(pipeline || networks || search || http)
        var table = Table()
        if everything || pipeline { try await PipelineBenchmark().run(into: &table) }
        if everything || networks { try NetworksBenchmark(duration: .seconds(seconds)).run(into: &table) }
        if everything || search { SearchBenchmark().run(into: &table) }
        if everything || http {
            try await HTTPBenchmark(duration: .seconds(seconds), galleryFaces: gallery).run(into: &table)
        }
        print(table.text)
    }
}

/// Rows of what was measured.
struct Table {
    private var rows: [[String]] = [["what", "median", "p99", "rate"]]

    mutating func add(_ what: String, _ samples: [Duration], rate: Double? = nil) {
        let sorted = samples.sorted()
        func at(_ part: Double) -> String {
            guard !sorted.isEmpty else { return "" }
            let duration = sorted[min(sorted.count - 1, Int(part * Double(sorted.count)))]
            return milliseconds(duration)
        }
        rows.append([what, at(0.5), at(0.99), rate.map { String(format: "%.1f/s", $0) } ?? ""])
    }

    /// The table as Markdown, columns aligned.
    var text: String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        func line(_ row: [String]) -> String {
            let cells = zip(row, widths).enumerated().map { index, cell in
                let padding = String(repeating: " ", count: cell.1 - cell.0.count)
                return index == 0 ? cell.0 + padding : padding + cell.0
            }
            return "| " + cells.joined(separator: " | ") + " |"
        }
        let rule = widths.enumerated().map { index, width in
            index == 0 ? String(repeating: "-", count: width) : String(repeating: "-", count: width - 1) + ":"
        }
        return ([line(rows[0]), line(rule)] + rows.dropFirst().map(line))
            .joined(separator: "\n")
    }
}

func milliseconds(_ duration: Duration) -> String {
    String(format: "%.2f ms", duration / .milliseconds(1))
}

/// Runs `body` once to warm up and then `times` times.
func measure(_ times: Int, _ body: () throws -> Void) rethrows -> [Duration] {
    try body()
    return try (0..<times).map { _ in try ContinuousClock().measure { try body() } }
}
