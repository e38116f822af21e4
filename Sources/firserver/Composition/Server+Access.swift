import HTTPSupport
import NIOCore

extension Server {
    /// What answers anybody who reaches the port, and how to close it.
    ///
    /// OpenCV Face Recognition and Enface always ask for a key or a token: without any they answer nobody. What operators
    /// ask (`/healthz`, `/readyz`, `/metrics`) tells nothing of persons.
    private var openParts: [(name: String, remedy: String)] {
        var parts: [(name: String, remedy: String)] = []
        if !settings.authentication {
            parts.append(
                ("Face Intellect", "\(Setting.authentication.flag) true and an account (firserver users --help)"))
        }
        if settings.emulator { parts.append(("/emulator", "no \(Setting.emulator.flag)")) }
        return parts
    }

    /// Refuses to open to a network what nobody needs a password for.
    func checkAccess() throws {
        let parts = openParts
        let host = settings.access.publishedHost ?? settings.httpHost
        guard !parts.isEmpty, !settings.access.allowsUnauthenticated, !Self.isLoopback(host) else { return }
        let names = parts.map(\.name).joined(separator: " and ")
        let remedies = parts.map(\.remedy).joined(separator: ", ")
        throw SettingsError(
            "\(host) is not a loopback address, and \(names) would answer everybody who reaches it; set \(remedies), "
                + "or \(Setting.allowUnauthenticated.flag) true")
    }

    private static func isLoopback(_ host: String) -> Bool {
        (try? SocketAddress.makeAddressResolvingHost(host, port: 0))?.isLoopback ?? false
    }

    /// Which requests of browsers are let through.
    var browserGuard: BrowserGuard {
        BrowserGuard(
            isOpen: !openParts.isEmpty, boundHost: settings.httpHost, origins: settings.access.origins,
            hosts: settings.access.hosts)
    }
}
