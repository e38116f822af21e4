import CProcessor
import Foundation
import TestKit
import Testing

struct ProcessorTests {
    @Test func `the tests of kernels say what they were worth`() {
        #expect(Processor.instructionSets.first == .portable)
        #expect(Processor.instructionSets.last == instruction_set_best())
        print(Processor.report)
    }

    /// `make test PROCESSOR=…` hides instructions from the process, of which Linux goes on telling.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["FIRSERVER_PROCESSOR"] == nil))
    func `kernels use what Linux says that the processor has`() {
        var expected = instruction_set.portable
        if Processor.flags.isSuperset(of: ["avx2", "fma"]) {
            let has512 = Processor.flags.isSuperset(of: ["avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512_vnni"])
            expected = has512 ? .avx512_vnni : .avx2
        }
        #expect(instruction_set_best() == expected)
    }
}
