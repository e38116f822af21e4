public import CProcessor
import Foundation

/// The processor that the tests run on.
public enum Processor {
    /// The sets of instructions that it has, plainest first: tests of kernels go through all of them.
    public static let instructionSets: [instruction_set] = [.portable, .avx2, .avx512_vnni].filter {
        $0.rawValue <= instruction_set_best().rawValue
    }

    /// The instructions that Linux says it has; empty where the architecture calls them otherwise.
    public static let flags = Set((cpuinfo("flags") ?? "").split(separator: " ").map(String.init))

    /// One line about it, and about the kernels that were tested here.
    public static var report: String {
        let relevant = ["avx2", "fma", "avx512f", "avx512_vnni", "avx_vnni", "avx512_bf16", "avx512_fp16", "amx_bf16"]
        let name = cpuinfo("model name") ?? "unknown"
        let facts = [name] + relevant.filter(flags.contains)
        return "processor: \(facts.joined(separator: " ")); "
            + "kernels tested: \(instructionSets.map(\.name).joined(separator: ", "))"
    }

    private static func cpuinfo(_ key: String) -> String? {
        guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else { return nil }
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            if parts.count == 2, parts[0] == key { return parts[1] }
        }
        return nil
    }
}

extension instruction_set {
    fileprivate var name: String {
        switch self {
        case .portable: "portable"
        case .avx2: "avx2"
        case .avx512_vnni: "avx512_vnni"
        }
    }
}
