/// One thing that can be set: its name, its default, and what it means.
///
/// The same name serves everywhere: key `http.port` is `--http-port` on the command line, `FIRSERVER_HTTP_PORT` in the
/// environment and `{"http": {"port": …}}` in the settings file.
struct Setting: Sendable {
    enum Value: Sendable, Equatable {
        case text(String)
        case integer(Int)
        case number(Double)
        case flag(Bool)

        var description: String {
            switch self {
            case .text(let text): text
            case .integer(let integer): String(integer)
            case .number(let number): String(number)
            case .flag(let flag): String(flag)
            }
        }
    }

    let key: String
    let fallback: Value
    let help: String
    var isSecret = false

    /// The words of the key: `http.bodyLimit` is http, body, limit.
    private var words: [String] {
        key.split(separator: ".").flatMap { component in
            component.reduce(into: [""]) { words, character in
                if character.isUppercase { words.append("") }
                words[words.count - 1].append(character.lowercased())
            }
        }
    }

    var flag: String { "--" + words.joined(separator: "-") }

    var environmentVariable: String { "FIRSERVER_" + words.joined(separator: "_").uppercased() }
}

extension Setting {
    static let configFile = Setting(
        key: "config.file", fallback: .text(""), help: "a JSON file with settings; none by default")

    static let httpHost = Setting(
        key: "http.host", fallback: .text("127.0.0.1"), help: "address to listen on; 0.0.0.0 for every interface")
    static let httpPort = Setting(key: "http.port", fallback: .integer(10000), help: "port to listen on")
    static let httpBodyLimit = Setting(
        key: "http.bodyLimit", fallback: .integer(32 << 20), help: "largest request body in bytes; beyond it 413")
    static let httpIdleSeconds = Setting(
        key: "http.idleSeconds", fallback: .integer(60), help: "a connection that is silent this long is closed")
    static let httpBodySeconds = Setting(
        key: "http.bodySeconds", fallback: .integer(30), help: "a request body must have arrived within this time")
    static let httpDrainSeconds = Setting(
        key: "http.drainSeconds", fallback: .integer(20), help: "how long running requests may finish at shutdown")

    static let dataDirectory = Setting(
        key: "data.directory", fallback: .text(".data"),
        help: "home of the private PostgreSQL and of the first user's token; made when absent")
    static let databaseURL = Setting(
        key: "database.url", fallback: .text(""),
        help: "PostgreSQL to use, postgresql://…; also read from DATABASE_URL; without it a private one is run",
        isSecret: true)
    static let databaseConnections = Setting(
        key: "database.connections", fallback: .integer(8), help: "largest number of connections to PostgreSQL")
    static let postgresBinaries = Setting(
        key: "postgres.binaries", fallback: .text(""),
        help: "folder with initdb and postgres for the private server; found by itself when empty")
    static let migrationsDirectory = Setting(
        key: "migrations.directory", fallback: .text("migrations"), help: "folder with the numbered SQL files")

    static let modelsDirectory = Setting(
        key: "models.directory", fallback: .text(".deps/models"), help: "folder with model.json and the ONNX files")
    static let analysisThreads = Setting(
        key: "analysis.threads", fallback: .integer(0), help: "pictures analysed at the same time; 0: one per core")
    static let analysisQueue = Setting(
        key: "analysis.queue", fallback: .integer(256), help: "pictures that may wait; beyond it requests are refused")
    static let analysisCache = Setting(
        key: "analysis.cache", fallback: .integer(256),
        help: "pictures whose faces are remembered, so that asking again costs nothing; 0: none")
    static let inferencePrecision = Setting(
        key: "inference.precision", fallback: .text("float32"),
        help: "numbers that the embedder computes with: float32, or bfloat16 where the processor has it")
    static let imageMegapixels = Setting(
        key: "image.megapixels", fallback: .integer(64), help: "largest picture, in millions of pixels")
    static let searchThreads = Setting(
        key: "search.threads", fallback: .integer(1), help: "threads that search the gallery")

    static let similarityLevel = Setting(
        key: "recognition.similarityLevel", fallback: .number(0.5),
        help: "similarity 0…1 from which a person counts as recognised")
    static let maxPersons = Setting(
        key: "recognition.maxPersons", fallback: .integer(0), help: "largest number of persons; 0: no limit")
    static let minEnrolmentQuality = Setting(
        key: "recognition.minEnrolmentQuality", fallback: .number(0),
        help: "quality 0…1 below which a reference photo is refused; 0: no limit")

    static let serverID = Setting(
        key: "faceIntellect.serverId", fallback: .text("1"), help: "the server_id that requests must name")
    static let acceptAnyServerID = Setting(
        key: "faceIntellect.acceptAnyServerId", fallback: .flag(false), help: "answer whatever server_id is named")
    static let findFacesMinSim = Setting(
        key: "faceIntellect.findFacesMinSim", fallback: .number(0),
        help: "FindFaces leaves out persons below this similarity")
    static let countFindFaces = Setting(
        key: "faceIntellect.countFindFaces", fallback: .flag(true),
        help: "FindFaces counts as a recognition of the best person of each face")
    static let sourceID = Setting(
        key: "faceIntellect.sourceId", fallback: .text("0B6E1F52-93C4-4D07-8E2A-6C11D0A4F7B3"),
        help: "GUID of this server, `Source` in ReadPersons")

    static let protocolsIncludeFir = Setting(
        key: "faceIntellect.protocolsIncludeFir", fallback: .flag(true),
        help: "GetProtocols tells the templates of captured faces")
    static let authentication = Setting(
        key: "faceIntellect.authentication", fallback: .flag(false),
        help: "only accounts may call (HTTP Basic); see firserver users --help")
    static let users = Setting(
        key: "faceIntellect.users", fallback: .text(""),
        help: "accounts to add at the start: login:password, several separated by blanks", isSecret: true)

    static let v1Profile = Setting(
        key: "v1.profile", fallback: .text("enface"), help: "which dialect speaks under /v1: enface or neurovision")
    static let enfaceEmail = Setting(
        key: "enface.email", fallback: .text("admin@firserver.local"),
        help: "the first user, whose default list is the shared gallery; made at the first start")
    static let enfacePassword = Setting(
        key: "enface.password", fallback: .text(""),
        help: "the first user's password, six characters or more; empty: the permanent token only", isSecret: true)
    static let enfaceToken = Setting(
        key: "enface.token", fallback: .text(""),
        help: "a permanent token of the first user, a UUID; empty: the first start makes one and writes it to the file "
            + "enface-token of the data directory",
        isSecret: true)
    static let enfaceUsers = Setting(
        key: "enface.users", fallback: .text(""),
        help: "further users to add at the start: e-mail:password, several separated by blanks", isSecret: true)
    static let enfacePublicURL = Setting(
        key: "enface.publicUrl", fallback: .text(""),
        help: "beginning of picture links, http://…; empty: as the request names the server")
    static let enfaceNoMatchScore = Setting(
        key: "enface.noMatchScore", fallback: .number(85), help: "the score that new_person_threshold no_match means")
    static let enfaceSmallestFace = Setting(
        key: "enface.smallestFace", fallback: .integer(40),
        help: "faces with a smaller side are not looked at, in pixels")
    static let enfacePersonsNewAsArray = Setting(
        key: "enface.personsNewAsArray", fallback: .flag(false),
        help: "person/create tells persons_new and persons_updated as arrays, as until 2020")
    static let enfaceActionStatus = Setting(
        key: "enface.actionStatus", fallback: .integer(201), help: "status of an action with faces: 201 or 200")

    static let emulator = Setting(
        key: "emulator", fallback: .flag(false),
        help: "serve /emulator: cameras, scripts, faults, journal, reset, for tests only")

    static let seedManifest = Setting(
        key: "seed.manifest", fallback: .text(""), help: "people to add at the start when the gallery is empty")
    static let seedPhotos = Setting(
        key: "seed.photos", fallback: .text(""), help: "folder that the manifest's photos are relative to")

    static let logLevel = Setting(
        key: "log.level", fallback: .text("info"), help: "trace, debug, info, notice, warning, error or critical")
    static let logFormat = Setting(key: "log.format", fallback: .text("text"), help: "text or json")

    /// Every setting, in the order of the help text.
    static let all: [Setting] =
        [
            configFile, httpHost, httpPort, httpBodyLimit, httpIdleSeconds, httpBodySeconds, httpDrainSeconds,
            dataDirectory, databaseURL, databaseConnections, postgresBinaries, migrationsDirectory, modelsDirectory,
            analysisThreads, analysisQueue, analysisCache, inferencePrecision, imageMegapixels, searchThreads,
            similarityLevel, maxPersons,
            minEnrolmentQuality, serverID, acceptAnyServerID, findFacesMinSim, countFindFaces, sourceID,
            protocolsIncludeFir, authentication, users, v1Profile, enfaceEmail, enfacePassword, enfaceToken,
            enfaceUsers,
            enfacePublicURL, enfaceNoMatchScore, enfaceSmallestFace, enfacePersonsNewAsArray, enfaceActionStatus,
            emulator,
            seedManifest, seedPhotos, logLevel, logFormat,
        ] + limits + openCV + access

    /// The settings as help text: flag, meaning, default, and how else they can be given.
    static var helpText: String {
        let rows = all.map { setting in
            let value = setting.fallback.description
            let meaning = setting.help + (value.isEmpty ? "" : " (default: \(value))")
            return "  \(setting.flag)\n" + wrapped(meaning, indentation: 6)
        }
        return """
            SETTINGS
            \(rows.joined(separator: "\n"))

            Each setting can also be given in the environment (--http-port is FIRSERVER_HTTP_PORT) or in a JSON file \
            (--config-file, {"http": {"port": 10000}}). The command line wins over the environment, the environment over \
            the file.
            """
    }

    /// Lines of at most 78 characters; the parser's own wrapping would lose the indentation.
    private static func wrapped(_ text: String, indentation: Int) -> String {
        var lines = [""]
        for word in text.split(separator: " ") {
            if lines[lines.count - 1].count + word.count + 1 > 78 - indentation { lines.append("") }
            lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
        }
        return lines.map { String(repeating: " ", count: indentation) + $0 }.joined(separator: "\n")
    }
}
