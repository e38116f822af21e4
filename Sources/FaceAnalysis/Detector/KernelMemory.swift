/// One thread's memory for the detector's kernels.
@safe final class KernelMemory {
    /// More than this, 64 MB, is given back as soon as a picture needs less than half of it: few pictures are looked
    /// at at the finest size.
    private static let mostKept = 16 << 20

    private var capacity: Int
    private var floats: UnsafeMutablePointer<Float>
    private var scratchStart = 0

    init() {
        capacity = 16
        unsafe floats = Self.allocate(capacity)
    }

    deinit { unsafe UnsafeMutableRawPointer(floats).deallocate() }

    /// Makes room for values and, behind them, scratch; what was there is lost, and pointers are no longer good.
    func reserve(values: Int, scratch: Int) {
        scratchStart = (values + 15) / 16 * 16
        let needed = scratchStart + scratch
        guard capacity < needed || capacity > max(Self.mostKept, 2 * needed) else { return }
        unsafe UnsafeMutableRawPointer(floats).deallocate()
        capacity = needed
        unsafe floats = Self.allocate(capacity)
    }

    /// A place among the values.
    @unsafe func pointer(_ place: Int) -> UnsafeMutablePointer<Float> { unsafe floats + place }

    /// Where scratch begins.
    @unsafe var scratch: UnsafeMutablePointer<Float> { unsafe floats + scratchStart }

    /// Lends the first values.
    func withFirst(_ count: Int, _ body: (inout MutableSpan<Float>) -> Void) {
        precondition(count <= capacity, "there are not so many values")
        let part = unsafe UnsafeMutableBufferPointer(start: floats, count: count)
        var span = unsafe MutableSpan(_unsafeElements: part)
        body(&span)
    }

    /// Cache lines begin where values do.
    private static func allocate(_ count: Int) -> UnsafeMutablePointer<Float> {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: count * MemoryLayout<Float>.stride, alignment: 64)
        return unsafe memory.bindMemory(to: Float.self, capacity: count)
    }
}
