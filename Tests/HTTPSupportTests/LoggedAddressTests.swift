import HTTPSupport
import Testing

struct LoggedAddressTests {
    private static let id = "4d65cc0b-e59e-11f1-8e03-e9e92f1c8e9b"
    private static let seal = "0a1b2c3d/00112233445566778899aabbccddeeff"

    @Test(arguments: [
        ("/firserver/FindFaces", "/firserver/FindFaces"),
        ("/opencv/person/ana", "/opencv/person/ana"), ("/a%20b/100%", "/a%20b/100%"),
        ("/opencv/person/ana@example.org", "/opencv/person/***"),
        ("/opencv/person/ana%40example.org", "/opencv/person/***"),
        ("/opencv/person/ana%2540example.org/x", "/opencv/person/***/x"),
        ("/opencv/collections/a,b@c,d", "/opencv/collections/***"),
        ("/enface/v1/images/\(id)/\(seal)", "/enface/v1/images/\(id)/***/***"),
        ("/v1/images/\(id)/\(seal)/more", "/v1/images/\(id)/***/***/more"),
        ("/images/logo.png", "/images/logo.png"), ("//images/\(id)/x", "//images/\(id)/***"), ("", ""),
    ])
    func `seals and mail addresses are taken out of paths`(path: String, shown: String) {
        #expect(LoggedAddress.path(path) == shown)
    }

    @Test(arguments: [
        ("/v1/tokens?token=abc&limit=5", "/v1/tokens?token=***&limit=5"),
        ("/v1/x?Access-Token=abc", "/v1/x?Access-Token=***"), ("/v1/x?pass%77ord=abc", "/v1/x?pass%77ord=***"),
        ("/opencv-server/person?person_id=ana%40example.org", "/opencv-server/person?person_id=***"),
        ("/x?&a=&b&token", "/x?&a=&b&token"), ("/a@b?c=d", "/***?c=d"), ("/x?a=b?password=c", "/x?a=b?password=c"),
    ])
    func `secrets are taken out of queries`(target: String, shown: String) {
        #expect(LoggedAddress.target(target) == shown)
    }

    @Test func `links in texts lose their seals`() {
        let link = "http://host:1/enface/v1/images/\(Self.id)"
        #expect(LoggedAddress.text("\(link)/\(Self.seal)") == "\(link)/***/***")
        #expect(LoggedAddress.text("ana@example.org/images/") == "ana@example.org/images/")
    }

    @Test func `names of secrets are known in every spelling`() {
        for name in [
            "password", "new_password", "token", "token_id", "Authorization", "X-API-Key", "api_key", "secret",
        ] {
            #expect(SecretName.isSecret(name), "\(name)")
        }
        for name in ["surname", "image", "id", "key", "fields", "author"] {
            #expect(!SecretName.isSecret(name), "\(name)")
        }
    }
}
