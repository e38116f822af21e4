import COpenVINO

/// The owner of OpenVINO: reads models and compiles them for the processor.
///
/// There is one for a process, which is never given back: what OpenVINO loaded stays loaded, since it unloads code that
/// other threads are still in.
///
/// Sendable because the only state is the runtime's core object, which is safe to use from several threads.
@safe public final class InferenceRuntime: @unchecked Sendable {
    private let core: OpaquePointer

    private static let process: Result<InferenceRuntime, InferenceError> = {
        var core: OpaquePointer?
        let status = unsafe ov_core_create(&core)
        guard status == OK, let core = unsafe core else { return .failure(.runFailed(reason: lastError(status))) }
        return .success(unsafe InferenceRuntime(core: core))
    }()

    /// The process's runtime, started at first use.
    ///
    /// - Throws: ``InferenceError`` when the runtime's libraries are not where they should be.
    public static func start() throws(InferenceError) -> InferenceRuntime { try process.get() }

    @unsafe private init(core: OpaquePointer) { unsafe self.core = core }

    /// Gives back to the system what compiling networks took and left.
    public static func returnUnusedMemory() { malloc_trim(0) }

    /// Reads an ONNX model with one input and compiles it.
    ///
    /// - Parameters:
    ///   - path: the model file.
    ///   - inputShape: the sizes of the input's dimensions; `nil` leaves a dimension open until a run.
    ///   - plan: how many runs go on at once, on how many threads together, and in which numbers.
    /// - Throws: ``InferenceError/modelUnusable(path:reason:)``, or ``InferenceError/precisionNotNative`` for a precision
    ///   that this processor would only emulate.
    public func network(
        at path: String, inputShape: [Int?], plan: ExecutionPlan
    ) throws(InferenceError) -> Network {
        guard plan.precision.isNative else { throw .precisionNotNative }
        var model: OpaquePointer?
        var status = unsafe ov_core_read_model(core, path, nil, &model)
        guard status == OK, let model = unsafe model else {
            throw .modelUnusable(path: path, reason: lastError(status))
        }
        LoadedLibraries.keep(named: "libopenvino")
        defer { unsafe ov_model_free(model) }

        let dimensions = inputShape.map { size in
            ov_dimension_t(min: Int64(size ?? -1), max: Int64(size ?? -1))
        }
        var shape = unsafe ov_partial_shape_t()
        status = unsafe ov_partial_shape_create(Int64(dimensions.count), dimensions, &shape)
        guard status == OK else { throw .modelUnusable(path: path, reason: lastError(status)) }
        defer { unsafe ov_partial_shape_free(&shape) }
        status = unsafe ov_model_reshape_single_input(model, shape)
        guard status == OK else { throw .modelUnusable(path: path, reason: lastError(status)) }

        var compiled: OpaquePointer?
        status = unsafe openvino_compile_for_cpu(
            core, model, "\(plan.streams)", "\(plan.threads)", plan.precision.runtimeName, &compiled)
        guard status == OK, let compiled = unsafe compiled else {
            throw .modelUnusable(path: path, reason: lastError(status))
        }
        return unsafe Network(compiled: compiled)
    }
}

/// A compiled network; several sessions run it at the same time.
///
/// Sendable because the runtime lets any thread make sessions of a compiled model.
@safe public final class Network: @unchecked Sendable {
    private let compiled: OpaquePointer

    @unsafe init(compiled: OpaquePointer) { unsafe self.compiled = compiled }

    deinit { unsafe ov_compiled_model_free(compiled) }

    /// A session of one's own, for one thread at a time.
    ///
    /// - Parameter wide: the same model, compiled for more threads, which single runs may ask for.
    public func makeSession(wide: Network? = nil) throws(InferenceError) -> InferenceSession {
        let request = try unsafe makeRequest()
        guard let wide else { return unsafe InferenceSession(request: request, wideRequest: nil) }
        do throws(InferenceError) {
            return unsafe InferenceSession(request: request, wideRequest: try wide.makeRequest())
        } catch {
            unsafe ov_infer_request_free(request)
            throw error
        }
    }

    private func makeRequest() throws(InferenceError) -> OpaquePointer {
        var request: OpaquePointer?
        let status = unsafe ov_compiled_model_create_infer_request(compiled, &request)
        guard status == OK, let request = unsafe request else { throw .runFailed(reason: lastError(status)) }
        return unsafe request
    }
}

/// The runtime's own words for its last failure on this thread.
func lastError(_ status: ov_status_e) -> String {
    if let text = unsafe ov_get_last_err_msg() {
        let message = unsafe String(cString: text)
        unsafe ov_free(text)
        if !message.isEmpty { return message }
    }
    return unsafe ov_get_error_info(status).map { unsafe String(cString: $0) } ?? "status \(status.rawValue)"
}
