/// Threads that may take part in a piece of work of some milliseconds.
public protocol Helpers: Sendable {
    /// Does `work` on the calling thread, number 0, and on as many others as come in time, numbered from 1.
    ///
    /// It has been done by everyone who began it when this returns.
    func share(_ work: @escaping @Sendable (Int) -> Void)
}
