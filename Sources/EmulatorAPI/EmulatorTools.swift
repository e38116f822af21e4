public import Recognition

/// What the emulator and the service share: scripts, clock and ids work inside of recognition, faults and journal
/// around requests.
public struct EmulatorTools: Sendable {
    /// Says what pictures show.
    public var interpreter: any PictureInterpreter { scripts }
    /// What time it is.
    public let clock = ServerClock()
    /// Where ids come from.
    public let ids = IDSource()
    let scripts = ScriptBook()
    let faults = FaultBook()
    let journal = Journal()

    /// Tools that change nothing yet.
    public init() {}
}
