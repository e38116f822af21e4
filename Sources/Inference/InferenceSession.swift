import COpenVINO

/// One run after the other of a network: fill the input, run, read the outputs.
///
/// Owning the value owns the buffers: it moves, it is never copied. It belongs to one thread at a time.
@safe public struct InferenceSession: ~Copyable {
    private let request: OpaquePointer
    /// The same network, compiled for more threads.
    private let wideRequest: OpaquePointer?
    private var lastRequest: OpaquePointer
    private var shape: [Int] = []
    private var tensor: OpaquePointer?
    // Kept between runs, so that pictures of changing size do not fault in fresh pages each time.
    private var buffer: UnsafeMutableBufferPointer<Float>

    @unsafe init(request: OpaquePointer, wideRequest: OpaquePointer?) {
        unsafe self.request = request
        unsafe self.wideRequest = wideRequest
        unsafe lastRequest = request
        unsafe buffer = UnsafeMutableBufferPointer(start: nil, count: 0)
    }

    deinit {
        unsafe ov_tensor_free(tensor)
        unsafe ov_infer_request_free(request)
        unsafe wideRequest.map { unsafe ov_infer_request_free($0) }
        unsafe buffer.baseAddress.map { unsafe UnsafeMutableRawPointer($0).deallocate() }
    }

    /// Fills the input of the next run.
    ///
    /// - Parameters:
    ///   - shape: the sizes of the input's dimensions.
    ///   - fill: writes the input, row-major, every element of it.
    /// - Throws: ``InferenceError/runFailed(reason:)``.
    public mutating func fill(
        shape: [Int], with fill: (inout MutableSpan<Float>) -> Void
    ) throws(InferenceError) {
        try setShape(shape)
        let used = unsafe UnsafeMutableBufferPointer(rebasing: buffer[..<shape.reduce(1, *)])
        var input = unsafe MutableSpan(_unsafeElements: used)
        fill(&input)
    }

    /// Runs the network once on what was filled in last.
    ///
    /// - Parameter wide: whether the network of more threads runs, if the session was made with one.
    /// - Throws: ``InferenceError/runFailed(reason:)``.
    public mutating func run(wide: Bool = false) throws(InferenceError) {
        unsafe lastRequest = wide ? wideRequest ?? request : request
        let status = unsafe ov_infer_request_infer(lastRequest)
        guard status == OK else { throw .runFailed(reason: lastError(status)) }
    }

    /// An output of the last run, row-major.
    ///
    /// The elements are copied, which for the networks at hand is a thousandth of the run.
    ///
    /// - Parameter name: the output's name in the model; `nil` for the only output of a network that has one.
    /// - Throws: ``InferenceError/runFailed(reason:)`` when the network has no such output.
    public func output(_ name: String? = nil) throws(InferenceError) -> [Float] {
        let tensor = try unsafe outputTensor(name)
        defer { unsafe ov_tensor_free(tensor) }
        var data: UnsafeMutableRawPointer?
        var count = 0
        var status = unsafe ov_tensor_data(tensor, &data)
        guard status == OK, let data = unsafe data else { throw .runFailed(reason: lastError(status)) }
        status = unsafe ov_tensor_get_size(tensor, &count)
        guard status == OK else { throw .runFailed(reason: lastError(status)) }
        return unsafe Array(UnsafeBufferPointer(start: data.bindMemory(to: Float.self, capacity: count), count: count))
    }

    private func outputTensor(_ name: String?) throws(InferenceError) -> OpaquePointer {
        var tensor: OpaquePointer?
        let status =
            if let name {
                unsafe ov_infer_request_get_tensor(lastRequest, name, &tensor)
            } else {
                unsafe ov_infer_request_get_output_tensor(lastRequest, &tensor)
            }
        guard status == OK, let tensor = unsafe tensor else { throw .runFailed(reason: lastError(status)) }
        return unsafe tensor
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
        if status == OK, let wideRequest = unsafe wideRequest {
            status = unsafe ov_infer_request_set_input_tensor(wideRequest, view)
        }
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
        unsafe buffer = UnsafeMutableBufferPointer(
            start: fresh.bindMemory(to: Float.self, capacity: count), count: count)
        // The tensor over the old memory is replaced before the next run reads it.
        unsafe old.map { unsafe UnsafeMutableRawPointer($0).deallocate() }
    }
}
