import Foundation
import TestKit
import Testing

struct CreatePersonTests {
    @Test(.contract(.createPerson, .observed)) func `a person is created and every field is stored byte for byte`()
        async throws
    {
        let client = try await FaceIntellectClient.shared()
        let texts = [
            "name": " Ana ", "surname": "Rojas/\"\\\u{1F600}", "patronymic": "007", "department": "Dep\tо\u{301}",
            "comment": "\n",
        ]
        let id = try await client.create(texts)
        #expect(UUID(uuidString: id)?.uuidString == id)
        let row = try #require(try await client.person(id))
        for (key, value) in [
            "Name": "name", "Surname": "surname", "Patronymic": "patronymic", "Department": "department",
            "Comment": "comment",
        ] {
            #expect((row[key] as? String).map { Array($0.utf8) } == texts[value].map { Array($0.utf8) })
        }
        #expect(row["AutoCreated"] as? Bool == false)
        #expect(row["RecognitionCount"] as? Int == 0)
        #expect(row["LastRecognitionTimestamp"] as? String == "")
        #expect(row["PersonId"] == nil)
        #expect(row["Sim"] == nil)
        let time = try #require(row["Timestamp"] as? String)
        #expect(time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}/) != nil)
        let image = try #require(row["ImageId"] as? String)
        #expect(UUID(uuidString: image)?.uuidString == image)
        #expect(image != id)
    }

    @Test(.contract(.createPerson, .documented)) func `the answer has exactly its three keys`() async throws {
        let reply = try await FaceIntellectClient.shared().call(
            "CreatePerson",
            [
                "server_id": "1", "objectType": "ANIMAL", "id": "", "name": "", "surname": "S", "patronymic": "",
                "department": "", "comment": "", "createPersonInIntellect": 0, "image": try Photo.biden.base64(),
                "fir": "",
                "unknown": ["x": 1],
            ])
        #expect(reply.status == 200)
        #expect(Set(reply.json.keys) == ["Status", "Result", "Description"])
        #expect(reply.code == "SUCCESS")
        #expect(reply.json["Description"] as? String == "")
    }

    @Test(.contract(.createPerson, .decided)) func `numbers and truth values are stored as their text`() async throws {
        let image = try Photo.personA1.base64()
        let client = try await FaceIntellectClient.shared()
        let reply = try await client.call(
            "CreatePerson",
            text:
                #"{"surname":12.50,"department":3,"patronymic":40112233,"name":true,"comment":null,"image":"\#(image)"}"#
        )
        let id = try #require(reply.json["Result"] as? String)
        let row = try #require(try await client.person(id))
        #expect(row["Surname"] as? String == "12.50")
        #expect(row["Department"] as? String == "3")
        #expect(row["Patronymic"] as? String == "40112233")
        #expect(row["Name"] as? String == "true")
        #expect(row["Comment"] as? String == "")
    }

    @Test(.contract(.createPerson, .documented), arguments: ["surname", "department", "image"])
    func `a request without a required field is refused`(key: String) async throws {
        var body: [String: Any] = ["surname": "S", "department": "D", "image": try Photo.personA1.base64()]
        body[key] = nil
        try await expectRefusal(body)
        body[key] = NSNull()
        try await expectRefusal(body)
        body[key] = [String]()
        try await expectRefusal(body)
        guard key != "department" else { return }
        body[key] = ""
        try await expectRefusal(body)
    }

    @Test(
        .contract(.createPerson, .decided),
        arguments: [
            "5d2f0b44-7a3e-4c19-9c55-20f1b6a7e00", "x", "{}", "-1", "1.5", "5D2F0B44-7A3E-4C19-9C55-20F1B6A7E00Z",
            " 12",
        ])
    func `a malformed id is refused`(id: String) async throws {
        try await expectRefusal([
            "id": id, "surname": "S", "department": "", "image": try Photo.personA1.base64(),
        ])
    }

    @Test(.contract(.createPerson, .decided)) func `an id is taken in any case and with braces`() async throws {
        let client = try await FaceIntellectClient.shared()
        let id = UUID().uuidString
        #expect(try await client.create(["id": "{\(id.lowercased())}"]) == id)
        #expect(try await client.person(id.lowercased())?["Id"] as? String == id)
    }

    @Test(.contract(.createPerson, .documented)) func `an id of digits is kept as given`() async throws {
        let client = try await FaceIntellectClient.shared()
        let id = "00\(UInt32.random(in: 1_000_000...9_999_999))"
        #expect(try await client.create(["id": id]) == id)
        #expect(try await client.person(id)?["Id"] as? String == id)
        let again = try await client.create(["id": id, "surname": "Other"])
        #expect(again == id)
        #expect(try await client.call("UpdatePerson", ["id": id, "name": "N"]).code == "SUCCESS")
        #expect(try await client.call("DeletePersons", ["id": [id]]).json["Result"] as? String == id)
        #expect(try await client.person(id) == nil)
    }

    @Test(.contract(.createPerson, .decided)) func `an existing id replaces texts and photo and keeps the counters`()
        async throws
    {
        let client = try await FaceIntellectClient.shared()
        let id = try await client.create(["name": "Old", "comment": "old"], photo: .personA1)
        let before = try #require(try await client.person(id))
        let oldImage = try #require(before["ImageId"] as? String)
        try await Task.sleep(for: .milliseconds(5))
        #expect(try await client.create(["id": id.lowercased(), "surname": "New"], photo: .personB1) == id)
        let after = try #require(try await client.person(id))
        #expect(after["Surname"] as? String == "New")
        #expect(after["Name"] as? String == "")
        #expect(after["Comment"] as? String == "")
        #expect(after["ImageId"] as? String != oldImage)
        let times = [before, after].compactMap { $0["Timestamp"] as? String }
        #expect(times.count == 2 && times[0] < times[1])
        #expect(after["RecognitionCount"] as? Int == before["RecognitionCount"] as? Int)
        let newImage = try #require(after["ImageId"] as? String)
        #expect(try await client.image(newImage).body == (try Photo.personB1.bytes()))
    }

    @Test(.contract(.createPerson, .decided)) func `the same photo under another id is another person`() async throws {
        let client = try await FaceIntellectClient.shared()
        let department = uniqueWord()
        let first = try await client.create(["department": department])
        let second = try await client.create(["department": department])
        #expect(first != second)
        #expect(try await client.call("ReadPersons", ["departmentFilter": department]).json["Total"] as? Int == 2)
    }

    @Test(
        .contract(.createPerson, .decided),
        arguments: [
            ("createPersonInIntellect", 1), ("createPersonInIntellect", "1"), ("createPersonInIntellect", true),
            ("createPersonInAxxon PSIM", 1), ("createPersonInAxxonPSIM", 1),
        ] as [(String, any Sendable)])
    func `a user of the platform gets a number`(key: String, value: any Sendable) async throws {
        let client = try await FaceIntellectClient.shared()
        let id = try await client.create([
            key: value, "additionalParams": ["auto_number": "X1", "pin": 4], "intellect_params": "card<1>",
        ])
        let number = try #require(try await client.person(id)?["PersonId"] as? Int)
        #expect(number >= 1)
        let rows = try await client.call("ReadPersons", ["id": [number], "pageSize": 10]).list("PersonList")
        #expect(rows.contains { $0["Id"] as? String == id })
        let bare = try await client.call("ReadPersons", ["id": number, "pageSize": 10]).list("PersonList")
        #expect(bare.contains { $0["Id"] as? String == id })
    }

    @Test(.contract(.createPerson, .decided), arguments: ["", "!!!!", "data:text/plain;base64,AAAA"])
    func `what is no base64 is refused`(image: String) async throws {
        try await expectRefusal(["surname": "S", "department": "", "image": image])
    }

    @Test(.contract(.createPerson, .decided)) func `base64 in every tolerated form is read`() async throws {
        let client = try await FaceIntellectClient.shared()
        let data = Data(try Photo.personA1.bytes())
        let plain = data.base64EncodedString()
        let forms = [
            "data:image/jpeg;base64," + plain,
            data.base64EncodedString(options: [.lineLength76Characters, .endLineWithCarriageReturn]),
            plain.replacing("+", with: "-").replacing("/", with: "_"), plain.filter { $0 != "=" }, " \(plain)\n",
        ]
        for form in forms {
            let id = try await client.create(["image": form])
            #expect(try await client.image(id).body == [UInt8](data))
        }
    }

    @Test(.contract(.createPerson, .documented)) func `a picture without a face is refused as such`() async throws {
        try await expectRefusal(
            ["surname": "S", "department": "", "image": try Pictures.plain().base64()], "FACE_NOT_FOUND",
            "Face not found on supplied image")
    }

    @Test(.contract(.createPerson, .documented)) func `a picture with eight faces is refused as such`() async throws {
        try await expectRefusal(
            ["surname": "S", "department": "", "image": try Pictures.eightFaces().base64()],
            "FAILED_TO_ADD_PERSON_MANY_FACES", "The image shown has more than one face")
    }

    @Test(.contract(.createPerson, .decided), arguments: Pictures.broken)
    func `what is no picture is refused`(picture: Pictures.Broken) async throws {
        let client = try await FaceIntellectClient.shared()
        let reply = try await client.call(
            "CreatePerson", ["surname": "S", "department": "", "image": try picture.bytes().base64()])
        #expect(reply.status == 200)
        // A picture that can be decoded, but is too small for a face, is a picture without one.
        let codes = picture == .onePixel ? ["FACE_NOT_FOUND", "FAILED_TO_ADD_PERSON"] : ["FAILED_TO_ADD_PERSON"]
        #expect(codes.contains(reply.code ?? ""), "\(reply.text)")
    }

    @Test(.contract(.createPerson, .decided), arguments: ["!", "AAAA", String(repeating: "A", count: 696)])
    func `a template of another form is refused`(fir: String) async throws {
        try await expectRefusal([
            "surname": "S", "department": "", "image": try Photo.personA1.base64(), "fir": fir,
        ])
    }

    @Test(
        .contract(.createPerson, .differs("PostgreSQL cannot store the character NUL in a text")),
        arguments: ["name", "surname", "patronymic", "department", "comment"])
    func `a text with NUL is refused with the reason`(key: String) async throws {
        var body: [String: Any] = ["surname": "S", "department": "", "image": try Photo.personA1.base64()]
        body[key] = "a\0b"
        let reply = try await FaceIntellectClient.shared().call("CreatePerson", body)
        #expect(reply.status == 200)
        #expect(reply.code == "FAILED_TO_ADD_PERSON")
        #expect((reply.json["Description"] as? String)?.contains("NUL") == true)
    }

    @Test(.contract(.createPerson, .decided)) func `texts of up to 16 KiB are kept whole`() async throws {
        let client = try await FaceIntellectClient.shared()
        let text = String(repeating: "字", count: 5000)
        let id = try await client.create(["comment": text, "department": text])
        let row = try #require(try await client.person(id))
        #expect(row["Comment"] as? String == text)
        #expect(try await client.call("ReadPersons", ["departmentFilter": text]).json["Total"] as? Int == 1)
        #expect(try await client.call("DeletePersons", ["id": [id]]).code == "SUCCESS")
    }

    private func expectRefusal(
        _ body: [String: Any], _ code: String = "FAILED_TO_ADD_PERSON",
        _ text: String = "Failed to add person. Check request parameters or database",
        at location: SourceLocation = #_sourceLocation
    ) async throws {
        let reply = try await FaceIntellectClient.shared().call("CreatePerson", body)
        #expect(reply.status == 200, sourceLocation: location)
        #expect(reply.code == code, sourceLocation: location)
        #expect(reply.json["Result"] as? String == "", sourceLocation: location)
        // A general failure may be told more precisely.
        if code != "FAILED_TO_ADD_PERSON" {
            #expect(reply.json["Description"] as? String == text, sourceLocation: location)
        }
    }
}
