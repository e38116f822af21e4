import FaceModel
import Foundation
import Glibc
import Recognition

/// Adds people, several at a time.
struct Seeder {
    let service: RecognitionService
    let workers: Int
    let showsProgress: Bool

    struct Summary: Sendable {
        var added = 0
        /// Who was refused and why.
        var refused: [(person: String, reason: String)] = []

        func joined(with other: Summary) -> Summary {
            Summary(added: added + other.added, refused: refused + other.refused)
        }

        var text: String {
            let refusals = refused.map { "refused \($0.person): \($0.reason)" }
            return (refusals + ["added \(added), refused \(refused.count)"]).joined(separator: "\n")
        }
    }

    /// How many people with templates are stored in one transaction.
    static let batch = 10_000

    /// Adds people by their templates, where they have one, and the others by their photos.
    func seed(_ people: [SeedPerson]) async -> Summary {
        let quick = await seed(templates: people.filter { $0.template != nil })
        return quick.joined(with: await seed(photos: people.filter { $0.template == nil }))
    }

    private func seed(templates people: [SeedPerson]) async -> Summary {
        var summary = Summary()
        for start in stride(from: 0, to: people.count, by: Self.batch) {
            let batch = people[start..<min(start + Self.batch, people.count)]
            do throws(RecognitionError) {
                let result = try await service.enrol(batch.map(templatePerson), in: .sharedGallery)
                summary.added += result.added
                summary.refused += result.unusable.map {
                    (people[start + $0].label, RecognitionError.invalidTemplate.reason)
                }
            } catch {
                summary.refused += batch.map { ($0.label, error.reason) }
            }
        }
        return summary
    }

    private func templatePerson(_ person: SeedPerson) -> TemplatePerson {
        let photo = person.photos.first.flatMap { try? Data(contentsOf: $0) }
        let id = if case .id(let id) = person.key { id } else { UUID() }
        return TemplatePerson(
            id: id, texts: person.texts, template: person.template ?? [],
            photo: photo.map { [UInt8]($0) })
    }

    private func seed(photos people: [SeedPerson]) async -> Summary {
        guard !people.isEmpty else { return Summary() }
        var summary = Summary()
        var progress = Progress(total: people.count, isShown: showsProgress && isatty(STDERR_FILENO) == 1)
        await withTaskGroup(of: (String, String?).self) { group in
            var waiting = people.makeIterator()
            func start() {
                guard let person = waiting.next() else { return }
                group.addTask { (person.label, await add(person)) }
            }
            for _ in 0..<workers { start() }
            for await (label, refusal) in group {
                if let refusal { summary.refused.append((label, refusal)) } else { summary.added += 1 }
                progress.advance()
                start()
            }
        }
        progress.end()
        return summary
    }

    /// - Returns: why the person was refused, or `nil`.
    private func add(_ person: SeedPerson) async -> String? {
        var refusal = "there is no photo"
        for photo in person.photos {
            guard let bytes = try? Data(contentsOf: photo) else {
                refusal = "\(photo.path) cannot be read"
                continue
            }
            do throws(RecognitionError) {
                _ = try await service.enrol(
                    PersonDraft(key: person.key, texts: person.texts), face: .photo([UInt8](bytes)), in: .sharedGallery)
                return nil
            } catch {
                refusal = "\(photo.lastPathComponent): \(error.reason)"
            }
        }
        return refusal
    }
}

extension RecognitionError {
    /// The cause in words, for people at a terminal.
    var reason: String {
        switch self {
        case .notReady: "the server is not ready"
        case .overloaded: "the server is busy"
        case .late: "the picture waited too long"
        case .tooMuch: "the answer is too large"
        case .unreadableImage(let text): "no picture: \(text)"
        case .noFace: "no face was found"
        case .severalFaces(let count): "\(count) faces were found"
        case .lowQuality(let quality): "the quality \(quality) is too low"
        case .invalidTemplate: "the template cannot be used"
        case .invalidText: "a text holds the NUL character"
        case .invalidValue: "a value cannot be stored"
        case .unknownPerson: "there is no such person"
        case .vanished: "the gallery was deleted meanwhile"
        case .unknownCamera: "there is no such camera"
        case .alreadyExists: "the id is used already"
        case .limitReached: "the largest number of persons is reached"
        case .storeUnavailable: "the database cannot be reached"
        case .storeFailed: "the database refused the work"
        }
    }
}

/// A bar on standard error.
private struct Progress {
    let total: Int
    let isShown: Bool
    private var done = 0
    private let start = ContinuousClock.now

    init(total: Int, isShown: Bool) {
        self.total = total
        self.isShown = isShown
    }

    mutating func advance() {
        done += 1
        guard isShown else { return }
        let width = 40
        let filled = width * done / max(1, total)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        let seconds = max(0.001, (ContinuousClock.now - start) / .seconds(1))
        let rate = (Double(done) / seconds * 10).rounded() / 10
        try? FileHandle.standardError.write(contentsOf: Data("\r\(bar) \(done)/\(total), \(rate)/s ".utf8))
    }

    func end() {
        if isShown { try? FileHandle.standardError.write(contentsOf: Data("\n".utf8)) }
    }
}
