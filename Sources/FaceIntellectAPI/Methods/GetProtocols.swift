import FaceModel
import HTTPSupport
import Logging
import Recognition
import Synchronization

extension FaceIntellectAPI {
    /// GetProtocols: one page of the recognition log, newest first.
    ///
    /// Rows are written as they arrive from the database, so that a page of 20,000 rows is in memory once. A page that
    /// would be larger than an answer may be is refused: an incomplete one would hide rows from who pages by numbers.
    func getProtocols(_ request: JSONObject, in context: ServerContext) async throws(MethodFailure) -> JSONWriter {
        let rows = Mutex(JSONWriter())
        var total = 0
        if var filter = PassFilter(request) {
            switch request.integer(forKey: "sim_min") {
            case 1: filter.isRecognised = true
            case 0: filter.isRecognised = false
            default: break
            }
            let page = request.page
            let wanted = filter
            let includesFir = configuration.protocolsIncludeFir
            let limit = context.answerLimit
            total = try await calling(for: .getProtocols) { () async throws(RecognitionError) in
                try await service.passes(matching: wanted, offset: page.offset, limit: page.limit) { batch in
                    rows.withLock { rows in
                        for pass in batch { rows.protocolRow(pass, includesFir: includesFir) }
                        return rows.byteCount <= limit
                    }
                }
            }
        }
        let written = rows.withLock { $0 }
        guard written.byteCount <= context.answerLimit else {
            throw MethodFailure(.serverNotReady, description: MethodFailure.tooMuch)
        }
        context.facts["pass.count"] = .stringConvertible(total)
        var writer = JSONWriter()
        writer.object { object in
            object.key("Protocols")
            object.array { $0.elements(of: written) }
            object.member("ProtocolsTotal", total)
            object.member("Status", "OK")
        }
        return writer
    }
}
