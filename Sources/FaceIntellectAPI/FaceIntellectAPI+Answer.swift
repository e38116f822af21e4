import HTTPSupport
import Hummingbird
import Logging
import Recognition

extension FaceIntellectAPI {
    /// The answer of a method: parse, one call of the service, encode.
    ///
    /// - Parameter level: how far whoever asks may go.
    /// - Throws: ``RequestFailure`` for what never reaches a method; a method's own failures are answers.
    func answer(
        _ request: Request, to method: Method, at path: MethodPath, by level: AccessLevel, in context: ServerContext
    ) async throws -> Response {
        switch method {
        case .faceErrorDescriptions: return .json(faceErrorDescriptions())
        case .getImage where context.pretendsNotReady: return .busy
        case .getImage: return await getImage(at: path)
        default: break
        }
        let body = try await request.wholeBody(upTo: configuration.maximumBodySize, in: context)
        let object = try JSONObject(body)
        if method == .deletePersons, namesEveryone(object), level < .everything {
            throw RequestFailure.forbidden("Only the role admin may delete everyone")
        }
        do throws(MethodFailure) {
            guard service.isReady, !context.pretendsNotReady else { throw MethodFailure(.serverNotReady) }
            guard isThisServer(object.text(forKey: "server_id") ?? path.serverID) else {
                throw MethodFailure(.serverNotReady, description: "No server has this server_id")
            }
            let writer =
                switch method {
                case .createPerson: try await createPerson(object)
                case .updatePerson: try await updatePerson(object)
                case .readPersons: try await readPersons(object)
                case .deletePersons: try await deletePersons(object)
                case .findFaces: try await findFaces(object, in: context)
                case .getProtocols: try await getProtocols(object, in: context)
                case .getAnalityc: try await getAnalityc(object)
                case .getAnalitycByTime: try await getAnalitycByTime(object)
                case .findPasserBy: try await findPasserBy(object)
                case .getImage, .faceErrorDescriptions: JSONWriter()
                }
            return .json(writer)
        } catch {
            context.facts["firserver.status"] = .string(error.code.rawValue)
            return error.response(of: method, sourceID: configuration.sourceID)
        }
    }

    /// Whether a request is meant for this server; one that names no server is.
    func isThisServer(_ id: String?) -> Bool {
        guard !configuration.acceptAnyServerID, let id = id?.trimmingBlanks(), !id.isEmpty else { return true }
        return id == configuration.serverID.trimmingBlanks()
    }

    /// Runs a use case and turns its error into a failure of the method.
    func calling<Value>(
        for method: Method, failingIDs: String = "",
        _ useCase: () async throws(RecognitionError) -> Value
    ) async throws(MethodFailure) -> Value {
        do {
            return try await useCase()
        } catch {
            throw MethodFailure(error, of: method, result: failingIDs)
        }
    }
}
