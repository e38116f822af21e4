import HTTPSupport
import HTTPTypes
import Hummingbird
import Inference
import NIOCore
import Telemetry

/// What operators ask: does it live, does it work, how much does it do.
struct OperationsRoutes {
    let backend: Backend
    let metrics: PrometheusRegistry

    func add(to router: Router<ServerContext>) {
        router.get("healthz") { _, context in
            context.facts.isRoutine = true
            return Self.text("ok\n")
        }
        router.get("readyz") { _, context in
            context.facts.isRoutine = true
            guard await backend.isReady() else { return Self.text("not ready\n", status: .serviceUnavailable) }
            // Who relies on liveness must be able to see that nobody measures it.
            return Self.text(
                "ready\ninference precision: \(backend.inferencePrecision.rawValue)\n"
                    + (backend.hasScriptedLiveness ? "emulated: liveness\n" : ""))
        }
        router.get("metrics") { _, context in
            context.facts.isRoutine = true
            return Self.text(metrics.text(), type: "text/plain; version=0.0.4; charset=utf-8")
        }
    }

    private static func text(
        _ text: String, type: String = "text/plain; charset=utf-8", status: HTTPResponse.Status = .ok
    ) -> Response {
        Response(
            status: status, headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
