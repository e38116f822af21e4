import CDetectorKernels
import CProcessor
import Dispatch
import Foundation
import TestKit
import Testing

struct DetectorKernelTests {
    /// A unit with random weights and input, and plain loops that do what the header says.
    struct Unit {
        enum Input: CaseIterable { case plain, merged, planes }

        let inputs: Int
        let outputs: Int
        let width: Int
        let height: Int
        let input: Input
        let rectifies: Bool
        let stem: [Float]
        let stemBias: [Float]
        let pointwise: [Float]
        let pointwiseBias: [Float]
        let depthwise: [Float]
        let depthwiseBias: [Float]
        let pixels: [Float]
        let coarse: [Float]
        let planes: [Float]

        init(
            inputs: Int, outputs: Int, width: Int, height: Int, input: Input, rectifies: Bool,
            random: inout some RandomNumberGenerator
        ) {
            func values(_ count: Int, scale: Float = 1) -> [Float] {
                (0..<count).map { _ in Float.random(in: -scale...scale, using: &random) }
            }
            (self.inputs, self.outputs, self.width, self.height) = (inputs, outputs, width, height)
            (self.input, self.rectifies) = (input, rectifies)
            stem = values(27 * 16)
            stemBias = values(16)
            pointwise = values(inputs * outputs)
            pointwiseBias = values(outputs)
            depthwise = values(9 * outputs)
            depthwiseBias = values(outputs)
            pixels = values(width * height * inputs)
            coarse = values((width + 1) / 2 * ((height + 1) / 2) * inputs)
            planes = values(3 * 4 * width * height)
        }

        /// What the pointwise convolution sees.
        func seen(_ x: Int, _ y: Int, _ channel: Int) -> Float {
            switch input {
            case .plain: return pixels[(y * width + x) * inputs + channel]
            case .merged:
                return pixels[(y * width + x) * inputs + channel]
                    + coarse[(y / 2 * (width / 2) + x / 2) * inputs + channel]
            case .planes:
                var sum = stemBias[channel]
                for plane in 0..<3 {
                    for row in 0..<3 {
                        for column in 0..<3 {
                            let (px, py) = (2 * x - 1 + column, 2 * y - 1 + row)
                            guard px >= 0, py >= 0 else { continue }
                            sum +=
                                planes[(plane * 2 * height + py) * 2 * width + px]
                                * stem[(9 * plane + 3 * row + column) * 16 + channel]
                        }
                    }
                }
                return max(0, sum)
            }
        }

        func result() -> [Float] {
            var mixed = [Float](repeating: 0, count: width * height * outputs)
            for y in 0..<height {
                for x in 0..<width {
                    let seen = (0..<inputs).map { self.seen(x, y, $0) }
                    for output in 0..<outputs {
                        var sum = pointwiseBias[output]
                        for channel in 0..<inputs {
                            sum +=
                                seen[channel]
                                * pointwise[(output / 16 * inputs + channel) * 16 + output % 16]
                        }
                        mixed[(y * width + x) * outputs + output] = sum
                    }
                }
            }
            var result = mixed
            for y in 0..<height {
                for x in 0..<width {
                    for output in 0..<outputs {
                        var sum = depthwiseBias[output]
                        for row in max(0, y - 1)...min(height - 1, y + 1) {
                            for column in max(0, x - 1)...min(width - 1, x + 1) {
                                sum +=
                                    mixed[(row * width + column) * outputs + output]
                                    * depthwise[(3 * (row - y + 1) + column - x + 1) * outputs + output]
                            }
                        }
                        result[(y * width + x) * outputs + output] = rectifies ? max(0, sum) : sum
                    }
                }
            }
            return result
        }

        /// The largest of each 2×2 results.
        func pooled(_ result: [Float]) -> [Float] {
            var pooled: [Float] = []
            for y in 0..<height / 2 {
                for x in 0..<width / 2 {
                    for output in 0..<outputs {
                        let corner = (2 * y * width + 2 * x) * outputs + output
                        let below = corner + width * outputs
                        pooled.append(
                            max(result[corner], result[corner + outputs], result[below], result[below + outputs]))
                    }
                }
            }
            return pooled
        }

        /// What the kernels make of it: the results, when they are wanted, and the pooled ones.
        func made(
            _ instructions: instruction_set, bands: Int32, threads: Int = 1, wantsOutput: Bool, wantsPooled: Bool
        ) -> (
            output: [Float], pooled: [Float]
        ) {
            let memory = Memory()
            var unit = unsafe detector_unit()
            unsafe unit.inputs = Int32(inputs)
            unsafe unit.outputs = Int32(outputs)
            unsafe unit.width = Int32(width)
            unsafe unit.height = Int32(height)
            unsafe unit.planes = input == .planes ? memory.copy(planes) : nil
            unsafe unit.coarse = input == .merged ? memory.copy(coarse) : nil
            unsafe unit.input = input == .planes ? nil : memory.copy(pixels)
            unsafe unit.stem_weights = memory.copy(stem)
            unsafe unit.stem_bias = memory.copy(stemBias)
            unsafe unit.pointwise_weights = memory.copy(pointwise)
            unsafe unit.pointwise_bias = memory.copy(pointwiseBias)
            unsafe unit.depthwise_weights = memory.copy(depthwise)
            unsafe unit.depthwise_bias = memory.copy(depthwiseBias)
            unsafe unit.rectifies = rectifies
            let (output, pooled) = unsafe (
                memory.make(width * height * outputs), memory.make(width / 2 * (height / 2) * outputs)
            )
            unsafe unit.output = wantsOutput ? output.baseAddress : nil
            unsafe unit.pooled = wantsPooled ? pooled.baseAddress : nil
            var progress = detector_progress()
            unsafe withUnsafeMutablePointer(to: &progress) { progress in
                unsafe withUnsafePointer(to: unit) { unit in
                    let size = unsafe detector_scratch(unit, 1)
                    nonisolated(unsafe) let (unit, progress) = unsafe (unit, progress)
                    nonisolated(unsafe) let scratches = unsafe (0..<threads).map { _ in unsafe memory.make(size) }
                    DispatchQueue.concurrentPerform(iterations: threads) { number in
                        unsafe detector_run(
                            instructions, unit, 1, bands, progress, scratches[number].baseAddress)
                    }
                }
            }
            return unsafe (wantsOutput ? Array(output) : [], wantsPooled ? Array(pooled) : [])
        }
    }

    /// Memory that is given back at the end. What is not written is not a number, so that reading it shows.
    @safe private final class Memory {
        private var parts: [UnsafeMutableBufferPointer<Float>] = unsafe []

        deinit {
            for index in unsafe parts.indices { unsafe parts[index].deallocate() }
        }

        @unsafe func make(_ count: Int) -> UnsafeMutableBufferPointer<Float> {
            let part = UnsafeMutableBufferPointer<Float>.allocate(capacity: count)
            unsafe part.initialize(repeating: .nan)
            unsafe parts.append(part)
            return unsafe part
        }

        @unsafe func copy(_ values: [Float]) -> UnsafePointer<Float>? {
            let part = unsafe make(values.count)
            _ = unsafe part.update(fromContentsOf: values)
            return unsafe UnsafePointer(part.baseAddress)
        }
    }

    private func expectClose(_ found: [Float], _ wanted: [Float], _ comment: Comment) {
        #expect(found.count == wanted.count, comment)
        // Sums of up to 64 · 9 products of about 1: other orders of addition differ by a few 1e-6 of the largest.
        let scale = wanted.map(abs).max() ?? 1
        let worst = zip(found, wanted).map { $0.isNaN ? .infinity : abs($0 - $1) }.max() ?? 0
        #expect(worst <= 2e-5 * max(1, scale), comment)
    }

    @Test(arguments: [(16, 16), (16, 32), (32, 64), (64, 64), (64, 16)], Processor.instructionSets)
    func `a unit equals plain loops over the definition`(channels: (Int, Int), instructions: instruction_set) {
        let (inputs, outputs) = channels
        var random = SplitMix(seed: UInt64(inputs * 100 + outputs))
        for input in Unit.Input.allCases where input != .planes || inputs == 16 {
            for (width, height) in [(2, 2), (4, 6), (6, 2), (10, 8), (14, 4), (26, 10), (50, 4)] {
                let unit = Unit(
                    inputs: inputs, outputs: outputs, width: width, height: height, input: input,
                    rectifies: Bool.random(using: &random), random: &random)
                let wanted = unit.result()
                let bands = Int32.random(in: 1...4, using: &random)
                let both = unit.made(instructions, bands: bands, wantsOutput: true, wantsPooled: true)
                let comment: Comment = "\(input), \(width) × \(height), \(bands) bands"
                expectClose(both.output, wanted, comment)
                expectClose(both.pooled, unit.pooled(wanted), comment)
                let pooled = unit.made(instructions, bands: 1, wantsOutput: false, wantsPooled: true).pooled
                #expect(pooled == both.pooled, comment)
                let output = unit.made(instructions, bands: 5, wantsOutput: true, wantsPooled: false).output
                #expect(output == both.output, comment)
            }
        }
    }

    @Test(arguments: [(1, 1), (3, 1), (1, 5), (5, 7), (19, 3)], Processor.instructionSets)
    func `odd sizes are done, too, where nothing is pooled or merged`(
        size: (Int, Int), instructions: instruction_set
    ) {
        let (width, height) = size
        var random = SplitMix(seed: UInt64(width * 31 + height))
        let unit = Unit(
            inputs: 64, outputs: 16, width: width, height: height, input: .plain, rectifies: false, random: &random)
        let made = unit.made(instructions, bands: 2, wantsOutput: true, wantsPooled: false)
        expectClose(made.output, unit.result(), "\(width) × \(height)")
    }

    /// Widths around those of the tiles. The portable kernels of x86-64 are no part of this: they round products before
    /// they are added, so that only a bound can hold for them, as above.
    @Test(arguments: [(16, 16), (16, 32), (32, 64), (64, 64), (64, 16)])
    func `vectors of any width make the same bits`(inputs: Int, outputs: Int) {
        let sets = Processor.instructionSets.filter { $0 != .portable }
        var random = SplitMix(seed: UInt64(inputs * 100 + outputs))
        for input in Unit.Input.allCases where input != .planes || inputs == 16 {
            for width in stride(from: 2, through: 62, by: 2) {
                let unit = Unit(
                    inputs: inputs, outputs: outputs, width: width, height: 4, input: input, rectifies: false,
                    random: &random)
                let made = sets.map { instructions in
                    let (output, pooled) = unit.made(instructions, bands: 2, wantsOutput: true, wantsPooled: true)
                    return (output + pooled).map(\.bitPattern)
                }
                #expect(made.allSatisfy { $0 == made[0] }, "\(input), \(width) pixels")
            }
        }
    }

    @Test(arguments: Processor.instructionSets)
    func `threads that share a run make the same bits`(instructions: instruction_set) {
        var random = SplitMix(seed: 5)
        for _ in 0..<50 {
            let unit = Unit(
                inputs: 16, outputs: 32, width: 20, height: 24, input: .plain, rectifies: true, random: &random)
            let alone = unit.made(instructions, bands: 1, wantsOutput: true, wantsPooled: true)
            let shared = unit.made(instructions, bands: 6, threads: 3, wantsOutput: true, wantsPooled: true)
            #expect(shared.output == alone.output && shared.pooled == alone.pooled)
        }
    }
}
