import CDetectorKernels
import CProcessor
import Inference

/// The detector by the project's own kernels, which take 0.6 to 0.8 of the runtime's time.
///
/// YuNet is a row of units that do little arithmetic on much memory. The kernels do a unit's two convolutions in one go,
/// so that the values between them never leave the nearest caches; the runtime writes them out and reads them again.
@safe final class KernelDetector: DetectorNetwork {
    private let weights: YuNetWeights
    private let instructions: instruction_set
    private let load: AnalysisLoad
    private let memory = KernelMemory()
    private var size = (width: 0, height: 0)
    private var units: [detector_unit] = unsafe []
    private var scratchSize = 0

    init(weights: YuNetWeights, instructions: instruction_set, load: AnalysisLoad) {
        self.weights = weights
        self.instructions = instructions
        self.load = load
    }

    func run(width: Int, height: Int, fill: (inout MutableSpan<Float>) -> Void) throws(InferenceError) {
        if (width, height) != size {
            unsafe plan(width: width, height: height)
            size = (width, height)
        }
        memory.withFirst(3 * width * height, fill)
        load.withCrew { crew in unsafe run(with: crew) }
    }

    func detections(stride: Int, threshold: Float) throws(InferenceError) -> [Detection] {
        guard let index = YuNetLayout.strides.firstIndex(of: stride) else { return [] }
        let head = unsafe units[units.count - YuNetLayout.strides.count + index]
        let count = unsafe Int(head.width) * Int(head.height) * YuNetLayout.cellSize
        let cells = unsafe UnsafeBufferPointer(start: head.output, count: count)
        return unsafe YuNetLayout.decode(
            cells: cells.span, stride: stride, columns: size.width / stride, threshold: threshold)
    }

    @unsafe private func run(with crew: Crew?) {
        let threads = crew?.size ?? 1
        // More bands than threads, so that who comes late finds something to do.
        let bands = Int32(threads == 1 ? 1 : 2 * threads)
        let (instructions, scratchSize) = (instructions, scratchSize)
        var progress = detector_progress()
        unsafe withUnsafeMutablePointer(to: &progress) { progress in
            unsafe units.withUnsafeBufferPointer { units in
                nonisolated(unsafe) let (units, progress, scratch) = unsafe (units, progress, memory.scratch)
                let work: @Sendable (Int) -> Void = { number in
                    unsafe detector_run(
                        instructions, units.baseAddress, Int32(units.count), bands, progress,
                        scratch + number * scratchSize)
                }
                if let crew { crew.share(work) } else { work(0) }
            }
        }
    }

    /// Lays the network's values into the memory for pictures of one size.
    @unsafe private func plan(width: Int, height: Int) {
        let pixels = width * height
        var used = 3 * pixels
        /// The place of values at a stride, so many channels each.
        func place(stride: Int, channels: Int) -> Int {
            defer { used += pixels / (stride * stride) * channels }
            return used
        }
        let (one, other) = (place(stride: 4, channels: 32), place(stride: 4, channels: 32))
        let (c3, c4) = (place(stride: 8, channels: 64), place(stride: 16, channels: 64))
        let (p4, p5) = (place(stride: 16, channels: 64), place(stride: 32, channels: 64))
        let heads = YuNetLayout.strides.map { place(stride: $0, channels: YuNetLayout.cellSize) }
        let p3 = one

        var steps: [Step] = []
        func step(
            _ unit: YuNetWeights.Unit, stride: Int, input: Int? = nil, coarse: Int? = nil, planes: Int? = nil,
            output: Int? = nil, pooled: Int? = nil, rectifies: Bool = true
        ) {
            steps.append(
                Step(
                    unit: unit, stride: stride, input: input, coarse: coarse, planes: planes, output: output,
                    pooled: pooled, rectifies: rectifies))
        }
        let backbone = weights.backbone
        step(backbone[0], stride: 2, planes: 0, pooled: one)
        step(backbone[1], stride: 4, input: one, output: other)
        step(backbone[2], stride: 4, input: other, output: one)
        step(backbone[3], stride: 4, input: one, output: other)
        step(backbone[4], stride: 4, input: other, pooled: one)
        step(backbone[5], stride: 8, input: one, output: other)
        step(backbone[6], stride: 8, input: other, output: c3, pooled: one)
        step(backbone[7], stride: 16, input: one, output: other)
        step(backbone[8], stride: 16, input: other, output: c4, pooled: one)
        step(backbone[9], stride: 32, input: one, output: other)
        step(backbone[10], stride: 32, input: other, output: one)
        step(backbone[11], stride: 32, input: one, output: p5)
        step(weights.merges[0], stride: 16, input: c4, coarse: p5, output: p4)
        step(weights.merges[1], stride: 8, input: c3, coarse: p4, output: p3)
        for (index, features) in [p3, p4, p5].enumerated() {
            step(
                weights.heads[index], stride: YuNetLayout.strides[index], input: features, output: heads[index],
                rectifies: false)
        }
        unsafe lay(steps, width: width, height: height, used: used)
    }

    /// A unit and the places of its values.
    private struct Step {
        let unit: YuNetWeights.Unit
        let stride: Int
        let input: Int?
        let coarse: Int?
        let planes: Int?
        let output: Int?
        let pooled: Int?
        let rectifies: Bool
    }

    @unsafe private func lay(_ steps: [Step], width: Int, height: Int, used: Int) {
        func makeUnits() -> [detector_unit] {
            unsafe steps.map { step in
                var unit = unsafe weights.kernelUnit(step.unit)
                unsafe unit.width = Int32(width / step.stride)
                unsafe unit.height = Int32(height / step.stride)
                unsafe unit.planes = unsafe pointer(step.planes)
                unsafe unit.coarse = unsafe pointer(step.coarse)
                unsafe unit.input = unsafe pointer(step.input)
                unsafe unit.output = unsafe step.output.map { unsafe memory.pointer($0) }
                unsafe unit.pooled = unsafe step.pooled.map { unsafe memory.pointer($0) }
                unsafe unit.rectifies = step.rectifies
                return unsafe unit
            }
        }
        // Threads do not share cache lines.
        let scratch = unsafe detector_scratch(makeUnits(), Int32(steps.count))
        scratchSize = (scratch + 31) / 16 * 16
        memory.reserve(values: used, scratch: scratchSize * (load.crew?.size ?? 1))
        unsafe units = makeUnits()
    }

    @unsafe private func pointer(_ place: Int?) -> UnsafePointer<Float>? {
        unsafe place.map { unsafe UnsafePointer(memory.pointer($0)) }
    }
}
