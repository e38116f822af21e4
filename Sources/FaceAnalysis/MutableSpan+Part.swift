extension MutableSpan<Float> {
    /// Lends a part; the standard library's own `extracting` is not settled yet.
    mutating func withMutablePart(_ range: Range<Int>, _ body: (inout MutableSpan<Float>) -> Void) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "the part lies outside of the span")
        unsafe withUnsafeMutableBufferPointer { all in
            let part = unsafe UnsafeMutableBufferPointer(rebasing: all[range])
            var span = unsafe MutableSpan(_unsafeElements: part)
            body(&span)
        }
    }
}
