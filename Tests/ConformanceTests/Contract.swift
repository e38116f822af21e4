import Foundation
import Synchronization
import Testing

/// Says which promise to clients a test keeps; `docs/compatibility.md` is written from the tests that passed.
///
/// With `FIRSERVER_CONTRACT_LOG` in the environment every test that ran adds a line to that file.
struct Contract: TestTrait, TestScoping {
    /// What the promise is about; the order is that of the document.
    enum Subject: String, CaseIterable {
        case transport = "Addresses and transport"
        case authentication = "Authentication"
        case createPerson = "CreatePerson"
        case updatePerson = "UpdatePerson"
        case readPersons = "ReadPersons"
        case deletePersons = "DeletePersons"
        case findFaces = "FindFaces"
        case getImage = "GetImage"
        case getProtocols = "GetProtocols"
        case getAnalityc = "GetAnalityc"
        case getAnalitycByTime = "GetAnalitycByTime"
        case findPasserBy = "FindPasserBy"
        case faceErrorDescriptions = "FaceErrorDescriptions"
        case similarity = "Similarity"
        case log = "Recognition log"
        case platform = "Web Server 2.0"
        case enfaceUsers = "Enface: users and tokens"
        case enfaceSources = "Enface: groups and sources"
        case enfaceLists = "Enface: person lists"
        case enfacePersons = "Enface: persons"
        case enfacePictures = "Enface: detect and compare"
        case enfaceActions = "Enface: action"
        case neuroVision = "neuro-vision"
        case openCVTransport = "OpenCV Face Recognition: addresses, keys, failures"
        case openCVCloud = "OpenCV Face Recognition: cloud API"
        case openCVServer = "OpenCV Face Recognition: FR Server"
    }

    /// How the promise compares with the product.
    enum Verdict {
        /// The vendor's documentation says so.
        case documented
        /// Deployed clients rely on it.
        case observed
        /// Nothing is known of the product; so it was decided here.
        case decided
        /// The product is known to do otherwise.
        case differs(String)

        var name: String {
            switch self {
            case .documented: "documented"
            case .observed: "observed"
            case .decided: "decided"
            case .differs: "differs"
            }
        }

        var reason: String {
            if case .differs(let reason) = self { reason } else { "" }
        }
    }

    let subject: Subject
    let verdict: Verdict

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await function()
        ContractLog.shared?.add(
            ["subject": subject.rawValue, "verdict": verdict.name, "reason": verdict.reason, "test": test.sentence])
    }
}

extension Trait where Self == Contract {
    /// The test keeps a promise.
    static func contract(_ subject: Contract.Subject, _ verdict: Contract.Verdict) -> Contract {
        Contract(subject: subject, verdict: verdict)
    }
}

extension Test {
    /// The test's name, which is a sentence; of a raw identifier without its parameters.
    fileprivate var sentence: String {
        let name = displayName ?? name
        let end = name.lastIndex(of: "`") ?? name.endIndex
        return String(name[..<end].drop { $0 == "`" })
    }
}

private final class ContractLog: Sendable {
    static let shared: ContractLog? = {
        guard let path = ProcessInfo.processInfo.environment["FIRSERVER_CONTRACT_LOG"] else { return nil }
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        return FileHandle(forWritingAtPath: path).map(ContractLog.init)
    }()

    private let file: Mutex<FileHandle>

    private init(_ file: FileHandle) { self.file = Mutex(file) }

    func add(_ line: [String: String]) {
        guard let data = try? JSONSerialization.data(withJSONObject: line, options: [.sortedKeys]) else { return }
        file.withLock { file in try? file.write(contentsOf: data + Data("\n".utf8)) }
    }
}
