import EnfaceAPI
import Foundation
import Inference
import Logging
import Postgres

/// Everything that can be set, read and checked once at the start.
struct Settings: Sendable {
    /// Somebody who may call the server.
    struct User: Sendable {
        let login: String
        let password: String

        /// `login:password`, several separated by blanks; `nil` for any other text.
        static func list(_ text: String) -> [User]? {
            var users: [User] = []
            for word in text.split(separator: " ") {
                let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
                users.append(User(login: String(parts[0]), password: String(parts[1])))
            }
            return users
        }
    }

    enum LogFormat: String { case text, json }

    let httpHost: String
    let httpPort: Int
    let httpDrainTime: Duration
    let dataDirectory: URL
    let databaseURL: String?
    let databaseConnections: Int
    let postgresBinaries: URL?
    let migrationsDirectory: URL
    let modelsDirectory: URL
    let analysisThreads: Int
    let analysisQueue: Int
    let analysisCache: Int
    let inferencePrecision: InferencePrecision
    let searchThreads: Int
    let similarityLevel: Double
    let maxPersons: Int?
    let minEnrolmentQuality: Double
    let serverID: String
    let acceptAnyServerID: Bool
    let findFacesMinSim: Double
    let countFindFaces: Bool
    let sourceID: UUID
    let protocolsIncludeFir: Bool
    let authentication: Bool
    let users: [User]
    private(set) var enface: EnfaceConfiguration
    let firstUser: FirstUser
    let enfaceUsers: [User]
    let emulator: Bool
    let seedManifest: URL?
    let seedPhotos: URL?
    let logLevel: Logger.Level
    let logFormat: LogFormat
    let openCV: OpenCVSettings
    let access: AccessSettings
    let limits: LimitSettings

    /// - Throws: ``SettingsError`` with one line for people.
    init(_ reader: SettingsReader) throws {
        httpHost = try reader.text(.httpHost)
        httpPort = try reader.integer(.httpPort, in: 0...65535)
        httpDrainTime = .seconds(try reader.integer(.httpDrainSeconds, in: 0...3600))
        dataDirectory = URL(filePath: try reader.text(.dataDirectory))
        let databaseURL = try reader.text(.databaseURL)
        self.databaseURL = databaseURL.isEmpty ? nil : databaseURL
        databaseConnections = try reader.integer(.databaseConnections, in: 2...256)
        guard self.databaseURL != nil || databaseConnections <= EmbeddedPostgres.usableConnections else {
            throw SettingsError(
                "\(Setting.databaseConnections.flag) must be at most \(EmbeddedPostgres.usableConnections) with the "
                    + "private PostgreSQL")
        }
        postgresBinaries = try reader.optionalPath(.postgresBinaries)
        migrationsDirectory = try reader.programFolder(.migrationsDirectory)
        modelsDirectory = try reader.programFolder(.modelsDirectory)
        let threads = try reader.integer(.analysisThreads, in: 0...256)
        analysisThreads = threads == 0 ? ProcessInfo.processInfo.activeProcessorCount : threads
        analysisQueue = try reader.integer(.analysisQueue, in: 1...100_000)
        analysisCache = try reader.integer(.analysisCache, in: 0...1_000_000)
        inferencePrecision = try reader.parsed(.inferencePrecision, "float32 or bfloat16") {
            InferencePrecision(rawValue: $0)
        }
        guard inferencePrecision.isNative else {
            throw SettingsError(
                "\(Setting.inferencePrecision.flag) \(inferencePrecision.rawValue): \(InferenceError.precisionNotNative)"
            )
        }
        searchThreads = try reader.integer(.searchThreads, in: 1...256)
        similarityLevel = try reader.number(.similarityLevel, in: 0...1)
        let maxPersons = try reader.integer(.maxPersons, in: 0...Int(Int32.max))
        self.maxPersons = maxPersons == 0 ? nil : maxPersons
        minEnrolmentQuality = try reader.number(.minEnrolmentQuality, in: 0...1)
        serverID = try reader.text(.serverID)
        acceptAnyServerID = try reader.flag(.acceptAnyServerID)
        findFacesMinSim = try reader.number(.findFacesMinSim, in: 0...1)
        countFindFaces = try reader.flag(.countFindFaces)
        sourceID = try reader.parsed(.sourceID, "a GUID") { UUID(uuidString: $0) }
        protocolsIncludeFir = try reader.flag(.protocolsIncludeFir)
        authentication = try reader.flag(.authentication)
        users = try reader.parsed(.users, "login:password, several separated by blanks", User.list)
        enface = try EnfaceConfiguration(reader)
        firstUser = try FirstUser(reader)
        enfaceUsers = try reader.parsed(.enfaceUsers, "e-mail:password, several separated by blanks", User.list)
        emulator = try reader.flag(.emulator)
        seedManifest = try reader.optionalPath(.seedManifest)
        seedPhotos = try reader.optionalPath(.seedPhotos)
        logLevel = try reader.parsed(.logLevel, "a log level") { Logger.Level(rawValue: $0) }
        logFormat = try reader.parsed(.logFormat, "text or json") { LogFormat(rawValue: $0) }
        openCV = try OpenCVSettings(reader)
        access = try AccessSettings(reader)
        enface.longestToken = access.longestToken
        limits = try LimitSettings(reader, threads: analysisThreads)
    }
}

extension SettingsReader {
    func parsed<R>(_ setting: Setting, _ kind: String, _ parse: (String) -> R?) throws -> R {
        guard let value = parse(try text(setting)) else { throw SettingsError("\(setting.flag) must be \(kind)") }
        return value
    }

    func optionalPath(_ setting: Setting) throws -> URL? {
        let path = try text(setting)
        return path.isEmpty ? nil : URL(filePath: path)
    }

    /// A folder that comes with the program. A relative name is looked for in the working directory, then in every
    /// folder above the executable, so that a built checkout runs from anywhere.
    func programFolder(_ setting: Setting) throws -> URL {
        let path = try text(setting)
        let inWorkingDirectory = URL(filePath: path)
        guard !path.hasPrefix("/"), !FileManager.default.fileExists(atPath: inWorkingDirectory.path),
            let executable = Bundle.main.executableURL?.resolvingSymlinksInPath()
        else { return inWorkingDirectory }
        var folder = executable.deletingLastPathComponent()
        while folder.path != "/" {
            let candidate = folder.appending(path: path)
            if FileManager.default.fileExists(atPath: candidate.path) { return candidate }
            folder.deleteLastPathComponent()
        }
        return inWorkingDirectory
    }
}
