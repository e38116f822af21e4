import Foundation

/// Named tensors of 32-bit floats out of a file in the safetensors format: the length of a JSON header in eight bytes,
/// least significant first; the header, which tells each tensor's type, shape and place; the values.
///
/// Read by hand: there is no Swift package for the format.
struct TensorFile {
    private struct Entry: Decodable {
        let dtype: String
        let shape: [Int]
        let data_offsets: [Int]
    }

    private let path: String
    private let entries: [String: Entry]
    private let values: Data

    init(contentsOf file: URL) throws(FaceAnalysisError) {
        path = file.path
        do {
            let data = try Data(contentsOf: file)
            let length = data.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            guard data.count >= 8, length <= data.count - 8 else {
                throw FaceAnalysisError.modelsUnusable("\(file.path) is no safetensors file")
            }
            let end = 8 + Int(length)
            entries = try JSONDecoder().decode([String: Entry].self, from: data[8..<end])
            values = data[end...]
        } catch let error as FaceAnalysisError {
            throw error
        } catch {
            throw .modelsUnusable("\(file.path) cannot be read: \(error)")
        }
    }

    /// A tensor's values, row-major.
    ///
    /// - Throws: ``FaceAnalysisError/modelsUnusable(_:)`` when there is none of this name and shape.
    func tensor(_ name: String, shape: [Int]) throws(FaceAnalysisError) -> [Float] {
        let size = shape.reduce(1, *) * MemoryLayout<Float>.size
        guard let entry = entries[name], entry.dtype == "F32", entry.shape == shape, entry.data_offsets.count == 2,
            let start = entry.data_offsets.first, start >= 0, start <= values.count - size
        else { throw .modelsUnusable("\(path) has no floats '\(name)' of shape \(shape)") }
        let bytes = values[values.startIndex + start..<values.startIndex + start + size]
        return unsafe [Float](unsafeUninitializedCapacity: size / MemoryLayout<Float>.size) { buffer, count in
            _ = unsafe bytes.copyBytes(to: buffer)
            count = buffer.count
        }
    }
}
