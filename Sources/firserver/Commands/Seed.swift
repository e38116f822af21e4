import ArgumentParser
import FaceModel
import Foundation
import Recognition

struct Seed: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Add people from photos to the database.",
        discussion: """
            PEOPLE is a file of JSON lines (.jsonl), each a person, a manifest, {"people": [{"surname": "Rojas", "name": "Ana", "photo": "ana.jpg"}, …]}, with the \
            optional keys id, patronymic, department and comment, or a folder with a folder Surname_Name for each \
            person and photos inside, of which the first that shows one face is taken.

            A person with a key fir, a template of this server's model in base64, is believed without a look at a photo, \
            which is optional then; ten thousand at a time are stored with COPY. Such people are added or left as they \
            are, never replaced.

            Seeding again replaces the same people instead of adding them twice. The server must not be running on \
            the same private database; with an external database, start it afterwards.


            """ + Setting.helpText)

    @Argument(help: "A manifest (JSON) or a folder of people.")
    var people: String

    @OptionGroup var arguments: SettingsArguments

    func run() async throws {
        let settings = try await arguments.settings()
        try await exitingCleanly {
            try await Database.withOpen(settings) { database in
                try await database.migrate()
                let service = try await RecognitionService.make(settings, database: database)
                try await service.load()
                let seeder = Seeder(service: service, workers: 2 * settings.analysisThreads, showsProgress: true)
                let summary = try await seed(seeder, photos: settings.seedPhotos)
                print(summary.text)
                service.stop()
                guard summary.refused.isEmpty || summary.added > 0 else { throw ExitCode.failure }
            }
        }
    }

    private func seed(_ seeder: Seeder, photos: URL?) async throws -> Seeder.Summary {
        let source = URL(filePath: people)
        guard source.pathExtension.lowercased() == "jsonl" else {
            return await seeder.seed(try SeedPeople.read(source, photos: photos))
        }
        guard FileManager.default.isReadableFile(atPath: source.path) else {
            throw SettingsError("\(source.path) does not exist")
        }
        // One connection keeps one core of the database busy: two batches are stored while the next is read.
        return try await withThrowingTaskGroup(of: Seeder.Summary.self) { group in
            var summary = Seeder.Summary()
            var storing = 0
            try await SeedPeople.readLines(source, photos: photos, batch: Seeder.batch) { people in
                if storing == 2, let stored = try await group.next() {
                    summary = summary.joined(with: stored)
                    storing -= 1
                }
                group.addTask { await seeder.seed(people) }
                storing += 1
            }
            return try await group.reduce(summary) { $0.joined(with: $1) }
        }
    }
}
