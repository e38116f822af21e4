import FaceModel
import Testing

struct RecognitionSettingsTests {
    @Test func `every setting can be read and written by its name`() throws {
        var settings = RecognitionSettings()
        for (name, value) in settings.values { try settings.set(name, to: value) }
        #expect(settings == RecognitionSettings())
        try settings.set("retentionDays", to: .integer(1))
        try settings.set("similarityLevel", to: .integer(1))
        try settings.set("similarityLevel", to: .number(0.25))
        try settings.set("addsUnrecognised", to: .flag(true))
        try settings.set("unrecognisedDepartment", to: .text("x"))
        #expect(settings.retentionDays == 1 && settings.similarityLevel == 0.25)
        #expect(settings.addsUnrecognised && settings.unrecognisedDepartment == "x")
        #expect(settings.values.count == 13 && Set(settings.values.map(\.name)).count == 13)
    }

    @Test(arguments: [
        ("retentionDays", RecognitionSettings.Value.integer(0), "retentionDays must be from 1 to 9999"),
        ("similarFaces", .integer(21), "similarFaces must be from 1 to 20"),
        ("similarityLevel", .number(1.01), "similarityLevel must be from 0 to 1"),
        ("similarityLevel", .text("1"), "similarityLevel must be a number"),
        ("retentionDays", .number(1.5), "retentionDays must be a whole number"),
        ("addsUnrecognised", .integer(1), "addsUnrecognised must be true or false"),
        ("unrecognisedDepartment", .flag(true), "unrecognisedDepartment must be a text"),
        ("nothing", .flag(true), "there is no setting nothing"),
    ])
    func `a bad value is refused with the reason`(name: String, value: RecognitionSettings.Value, reason: String) {
        var settings = RecognitionSettings()
        let refusal = #expect(throws: RecognitionSettings.Refusal.self) { try settings.set(name, to: value) }
        #expect(refusal?.description == reason)
        #expect(settings == RecognitionSettings())
    }

    @Test func `the bytes of an embedding bring it back bit by bit`() throws {
        let embedding = try #require(Embedding(normalizing: (0..<128).map { Float($0) - 50.3 }))
        #expect(Embedding(littleEndianBytes: embedding.littleEndianBytes) == embedding)
        #expect(Embedding(littleEndianBytes: [1, 2, 3]) == nil)
        #expect(Embedding(littleEndianBytes: [0, 0, 0, 0]) == nil)
    }

    @Test func `a name of a copy has letters, digits, hyphens and underscores`() {
        for text in ["a", "A-1_b", String(repeating: "x", count: 40)] { #expect(SnapshotName(text)?.text == text) }
        for text in ["", " ", "a b", "ü", "a.b", "\"", String(repeating: "x", count: 41)] {
            #expect(SnapshotName(text) == nil)
        }
    }
}
