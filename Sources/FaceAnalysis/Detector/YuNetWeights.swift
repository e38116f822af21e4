import CDetectorKernels
import Foundation

/// The weights of a YuNet detector in the order in which the kernels read them; shared by all threads.
///
/// Sendable because nothing is written after the initialiser.
@safe final class YuNetWeights: @unchecked Sendable {
    /// A pointwise and a depthwise convolution.
    struct Unit {
        let inputs: Int
        let outputs: Int
        fileprivate let pointwise: (weights: Int, bias: Int)
        fileprivate let depthwise: (weights: Int, bias: Int)
    }

    /// The twelve units of the backbone.
    let backbone: [Unit]
    /// The units of the feature pyramid at strides 16 and 8.
    let merges: [Unit]
    /// The heads at strides 8, 16 and 32; the four outputs of each are one unit.
    let heads: [Unit]

    /// A head's channels, in the order of ``YuNetLayout/decode(cells:stride:columns:threshold:)``.
    private static let headOutputs = [("cls", 1), ("bbox", 4), ("obj", 1), ("kps", 10)]
    private static let backboneChannels = [16, 16, 32, 32, 64, 64, 64, 64, 64, 64, 64, 64]
    private static let stemInputs = 27

    private let stem: (weights: Int, bias: Int)
    private let values: UnsafeMutableBufferPointer<Float>

    /// Reads what `scripts/detector_weights.py` wrote.
    ///
    /// - Throws: ``FaceAnalysisError/modelsUnusable(_:)``.
    init(contentsOf file: URL) throws(FaceAnalysisError) {
        let tensors = try TensorFile(contentsOf: file)
        var packed = Packing(tensors: tensors)
        let stemWeights = try tensors.tensor("stem.weight", shape: [16, 3, 3, 3])
        stem = (
            packed.add(transposed(stemWeights, rows: 16, columns: Self.stemInputs)),
            packed.add(try tensors.tensor("stem.bias", shape: [16]))
        )
        var backbone: [Unit] = []
        for (index, outputs) in Self.backboneChannels.enumerated() {
            let inputs = index == 0 ? 16 : Self.backboneChannels[index - 1]
            backbone.append(try packed.unit([("unit.\(index)", outputs)], inputs: inputs))
        }
        self.backbone = backbone
        merges = [
            try packed.unit([("merge.16", 64)], inputs: 64), try packed.unit([("merge.8", 64)], inputs: 64),
        ]
        var heads: [Unit] = []
        for stride in YuNetLayout.strides {
            heads.append(try packed.unit(Self.headOutputs.map { ("head.\(stride).\($0)", $1) }, inputs: 64))
        }
        self.heads = heads
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: packed.values.count * MemoryLayout<Float>.stride, alignment: 64)
        unsafe values = UnsafeMutableBufferPointer(
            start: memory.bindMemory(to: Float.self, capacity: packed.values.count), count: packed.values.count)
        _ = unsafe values.initialize(from: packed.values)
    }

    deinit { unsafe UnsafeMutableRawPointer(values.baseAddress)?.deallocate() }

    /// What the kernels need to know of a unit, but for the memory that it works on.
    @unsafe func kernelUnit(_ unit: Unit) -> detector_unit {
        var result = unsafe detector_unit()
        unsafe result.inputs = Int32(unit.inputs)
        unsafe result.outputs = Int32(unit.outputs)
        unsafe result.stem_weights = pointer(stem.weights)
        unsafe result.stem_bias = pointer(stem.bias)
        unsafe result.pointwise_weights = pointer(unit.pointwise.weights)
        unsafe result.pointwise_bias = pointer(unit.pointwise.bias)
        unsafe result.depthwise_weights = pointer(unit.depthwise.weights)
        unsafe result.depthwise_bias = pointer(unit.depthwise.bias)
        return unsafe result
    }

    private func pointer(_ offset: Int) -> UnsafePointer<Float>? {
        unsafe values.baseAddress.map { unsafe UnsafePointer($0 + offset) }
    }

    /// Tensors one after the other, in the kernels' order.
    private struct Packing {
        let tensors: TensorFile
        var values: [Float] = []

        /// Every tensor begins at a cache line.
        mutating func add(_ tensor: [Float]) -> Int {
            let start = (values.count + 15) / 16 * 16
            values += Array(repeating: 0, count: start - values.count) + tensor
            return start
        }

        /// One unit whose outputs are those of some of the network's units, which have the same input.
        mutating func unit(_ parts: [(name: String, outputs: Int)], inputs: Int) throws(FaceAnalysisError) -> Unit {
            var pointwise = (weights: [Float](), bias: [Float]())
            var depthwise = (weights: [Float](), bias: [Float]())
            for (name, outputs) in parts {
                pointwise.weights += try tensors.tensor(
                    "\(name).pointwise.weight", shape: [outputs, inputs, 1, 1])
                pointwise.bias += try tensors.tensor("\(name).pointwise.bias", shape: [outputs])
                depthwise.weights += try tensors.tensor("\(name).depthwise.weight", shape: [outputs, 1, 3, 3])
                depthwise.bias += try tensors.tensor("\(name).depthwise.bias", shape: [outputs])
            }
            let outputs = pointwise.bias.count
            // Groups of sixteen outputs; in a group, input by input.
            let groups = stride(from: 0, to: outputs, by: 16).flatMap { first in
                transposed(
                    Array(pointwise.weights[first * inputs..<(first + 16) * inputs]), rows: 16, columns: inputs)
            }
            return Unit(
                inputs: inputs, outputs: outputs, pointwise: (add(groups), add(pointwise.bias)),
                depthwise: (
                    add(transposed(depthwise.weights, rows: outputs, columns: 9)), add(depthwise.bias)
                ))
        }
    }
}

/// A matrix by columns instead of rows.
private func transposed(_ matrix: [Float], rows: Int, columns: Int) -> [Float] {
    (0..<columns).flatMap { column in (0..<rows).map { row in matrix[row * columns + column] } }
}
