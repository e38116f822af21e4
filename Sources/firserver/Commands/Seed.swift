import ArgumentParser
import FaceModel
import Foundation
import Recognition

struct Seed: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Add people from photos to the database.",
        discussion: """
            PEOPLE is a manifest, {"people": [{"surname": "Rojas", "name": "Ana", "photo": "ana.jpg"}, …]}, with the \
            optional keys id, patronymic, department and comment, or a folder with a folder Surname_Name for each \
            person and photos inside, of which the first that shows one face is taken.

            Seeding again replaces the same people instead of adding them twice. The server must not be running on \
            the same private database; with an external database, start it afterwards.


            """ + Setting.helpText)

    @Argument(help: "A manifest (JSON) or a folder of people.")
    var people: String

    @OptionGroup var arguments: SettingsArguments

    func run() async throws {
        let settings = try await arguments.settings()
        try await exitingCleanly {
            let people = try SeedPeople.read(URL(filePath: people), photos: settings.seedPhotos)
            try await Database.withOpen(settings) { database in
                try await database.migrate()
                let service = try await RecognitionService.make(settings, database: database)
                try await service.load()
                let seeder = Seeder(service: service, workers: 2 * settings.analysisThreads, showsProgress: true)
                let summary = await seeder.seed(people)
                print(summary.text)
                service.stop()
                guard summary.refused.isEmpty || summary.added > 0 else { throw ExitCode.failure }
            }
        }
    }
}
