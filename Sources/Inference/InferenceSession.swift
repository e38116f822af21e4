import COpenVINO

/// One run after the other of a network: fill the input, run, read the outputs.
///
/// Owning the value owns the buffers: it moves, it is never copied. It belongs to one thread at a time.
@safe public struct InferenceSession: ~Copyable {
    private let request: OpaquePointer
    private var shape: [Int] = []
    private var tensor: OpaquePointer?
    // Kept between runs, so that pictures of changing size do not fault in fresh pages each time.
    private var buffer: UnsafeMutableBufferPointer<Float>

    @unsafe init(request: OpaquePointer) {
        unsafe self.request = request
        unsafe buffer = UnsafeMutableBufferPointer(start: nil, count: 0)
    }

    deinit {
        unsafe ov_tensor_free(tensor)
        unsafe ov_infer_request_free(request)
        unsafe buffer.baseAddress.map { unsafe UnsafeMutableRawPointer($0).deallocate() }
    }

    /// Runs the network once.
    ///
    /// - Parameters:
    ///   - shape: the sizes of the input's dimensions.
    ///   - fill: writes the input, row-major, every element of it.
    /// - Throws: ``InferenceError/runFailed(reason:)``.
    public mutating func run(
        shape: [Int], fill: (UnsafeMutableBufferPointer<Float>) -> Void
    ) throws(InferenceError) {
        try setShape(shape)
        let count = shape.reduce(1, *)
        unsafe fill(UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
        let status = unsafe ov_infer_request_infer(request)
        guard status == OK else { throw .runFailed(reason: lastError(status)) }
    }

    /// Reads outputs of the last run.
    ///
    /// - Parameters:
    ///   - names: the outputs' names in the model; none for the only output of a network that has one.
    ///   - body: gets the elements of each output, row-major; they are gone after the next run.
    /// - Throws: ``InferenceError/runFailed(reason:)`` when the network has no such output.
    public func withOutputs<R>(
        _ names: String..., body: ([UnsafeBufferPointer<Float>]) -> R
    ) throws(InferenceError) -> R {
        var tensors: [OpaquePointer] = unsafe []
        defer { unsafe tensors.forEach { unsafe ov_tensor_free($0) } }
        var buffers: [UnsafeBufferPointer<Float>] = unsafe []
        for name in names.isEmpty ? [nil] : names.map(Optional.some) {
            let tensor = try unsafe outputTensor(name)
            unsafe tensors.append(tensor)
            unsafe buffers.append(try elements(of: tensor))
        }
        return unsafe body(buffers)
    }

    private func outputTensor(_ name: String?) throws(InferenceError) -> OpaquePointer {
        var tensor: OpaquePointer?
        let status =
            if let name {
                unsafe ov_infer_request_get_tensor(request, name, &tensor)
            } else {
                unsafe ov_infer_request_get_output_tensor(request, &tensor)
            }
        guard status == OK, let tensor = unsafe tensor else { throw .runFailed(reason: lastError(status)) }
        return unsafe tensor
    }

    private func elements(of tensor: OpaquePointer) throws(InferenceError) -> UnsafeBufferPointer<Float> {
        var data: UnsafeMutableRawPointer?
        var count = 0
        var status = unsafe ov_tensor_data(tensor, &data)
        guard status == OK, let data = unsafe data else { throw .runFailed(reason: lastError(status)) }
        status = unsafe ov_tensor_get_size(tensor, &count)
        guard status == OK else { throw .runFailed(reason: lastError(status)) }
        return unsafe UnsafeBufferPointer(start: data.bindMemory(to: Float.self, capacity: count), count: count)
    }

    /// Makes the input tensor a view of the first elements of the buffer.
    private mutating func setShape(_ shape: [Int]) throws(InferenceError) {
        guard shape != self.shape else { return }
        let count = shape.reduce(1, *)
        if unsafe buffer.count < count { grow(to: count) }

        let dimensions = shape.map { Int64($0) }
        var cShape = unsafe ov_shape_t()
        var status = unsafe ov_shape_create(Int64(dimensions.count), dimensions, &cShape)
        guard status == OK else { throw .runFailed(reason: lastError(status)) }
        defer { unsafe ov_shape_free(&cShape) }
        var view: OpaquePointer?
        status = unsafe ov_tensor_create_from_host_ptr(F32, cShape, buffer.baseAddress, &view)
        guard status == OK else { throw .runFailed(reason: lastError(status)) }
        status = unsafe ov_infer_request_set_input_tensor(request, view)
        guard status == OK else {
            unsafe ov_tensor_free(view)
            throw .runFailed(reason: lastError(status))
        }
        unsafe ov_tensor_free(tensor)
        unsafe tensor = view
        self.shape = shape
    }

    private mutating func grow(to count: Int) {
        let fresh = UnsafeMutableRawPointer.allocate(
            byteCount: count * MemoryLayout<Float>.stride, alignment: 64)
        let old = unsafe buffer.baseAddress
        unsafe buffer = UnsafeMutableBufferPointer(start: fresh.bindMemory(to: Float.self, capacity: count), count: count)
        // The tensor over the old memory is replaced before the next run reads it.
        unsafe old.map { unsafe UnsafeMutableRawPointer($0).deallocate() }
    }
}
