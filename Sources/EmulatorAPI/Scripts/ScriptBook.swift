import Foundation
import Recognition
import Synchronization

/// The scripts in force, oldest first; the newest that fits a picture holds.
final class ScriptBook: PictureInterpreter {
    private let scripts = Mutex<[Script]>([])

    var all: [Script] { scripts.withLock { $0 } }

    func add(_ script: Script) { scripts.withLock { $0.append(script) } }

    /// - Returns: whether there was such a script.
    func remove(_ id: UUID) -> Bool {
        scripts.withLock { scripts in
            let index = scripts.firstIndex { $0.id == id }
            index.map { _ = scripts.remove(at: $0) }
            return index != nil
        }
    }

    func removeAll() { scripts.withLock { $0 = [] } }

    func interpretation(of picture: [UInt8]) -> Interpretation? {
        // Hashing a photo takes milliseconds, so it is left to those who asked for it.
        let subjects = all.map(\.subject)
        guard !subjects.isEmpty else { return nil }
        let asksForDigest = subjects.contains { if case .picture = $0 { true } else { false } }
        let digest = asksForDigest ? Digest.sha256(picture) : []
        return scripts.withLock { scripts in
            guard let index = scripts.lastIndex(where: { fits($0.subject, picture, digest) }) else { return nil }
            scripts[index].used += 1
            let interpretation = scripts[index].interpretation
            if let remaining = scripts[index].remaining {
                scripts[index].remaining = remaining - 1
                if remaining <= 1 { scripts.remove(at: index) }
            }
            return interpretation
        }
    }

    private func fits(_ subject: Script.Subject, _ picture: [UInt8], _ digest: [UInt8]) -> Bool {
        switch subject {
        case .everything: true
        case .picture(let wanted): wanted == digest
        case .marker(let marker): picture.firstRange(of: marker) != nil
        }
    }
}
