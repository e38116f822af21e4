import HTTPSupport
import NIOCore
import TestKit
import Testing

struct MultipartTests {
    private static let type = "multipart/form-data; boundary=AaB03x"

    private static let sample =
        "preamble\r\n--AaB03x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nhello\r\n\r\n--AaB03\r\n"
        + "\r\n--AaB03x \t\r\ncontent-disposition:form-data;name=photo ; filename=\"a \\\"b\\\".jpg\"\r\n"
        + "Content-Type: image/jpeg\r\nX-Other: 1\r\n\r\n\u{0}\r\r\n\n--\r\n--AaB03xy\r\n-\r\n--AaB03x\n"
        + "Content-Disposition: form-data; name=\"\"; filename=\"\"\n\n\r\n--AaB03x\r\n"
        + "Content-Disposition: form-data; name=\"none\"\r\n\r\n--AaB03x--\r\nepilogue\r\n--AaB03x\r\n"

    private static let sampleParts = [
        Value("text", nil, nil, "hello\r\n\r\n--AaB03\r\n"),
        Value("photo", "a \"b\".jpg", "image/jpeg", "\u{0}\r\r\n\n--\r\n--AaB03xy\r\n-"),
        Value("", "", nil, ""), Value("none", nil, nil, ""),
    ]

    private func values(_ body: String, _ type: String = MultipartTests.type) throws -> [Value] {
        try MultipartForm.parse(ByteBuffer(string: body), contentType: type).parts.map(Value.init)
    }

    private func part(_ headers: String, _ content: String = "x") -> String {
        "--AaB03x\r\n\(headers)\r\n\r\n\(content)\r\n--AaB03x--\r\n"
    }

    @Test func `a form has its parts in order`() throws {
        #expect(try values(Self.sample) == Self.sampleParts)
        let form = try MultipartForm.parse(ByteBuffer(string: Self.sample + Self.sample), contentType: Self.type)
        #expect(form.parts.count == 4)
        #expect(form.first("photo")?.filename == "a \"b\".jpg")
        #expect(form.first("text")?.text == "hello\r\n\r\n--AaB03\r\n")
        #expect(form.first("Text") == nil)
        #expect(form.all("none").count == 1)
    }

    @Test func `contents are slices of the body`() throws {
        let body = ByteBuffer(string: Self.sample)
        let photo = try #require(try MultipartForm.parse(body, contentType: Self.type).first("photo")).bytes
        let place = address(photo) - address(body)
        #expect(body.getSlice(at: place, length: photo.readableBytes) == photo)
    }

    private func address(_ buffer: ByteBuffer) -> Int {
        unsafe buffer.withUnsafeReadableBytes { Int(bitPattern: $0.baseAddress) }
    }

    @Test func `a body in two pieces is read the same wherever it is cut`() throws {
        let bytes = Array(Self.sample.utf8)
        for cut in 0...bytes.count {
            #expect(try read([Array(bytes[..<cut]), Array(bytes[cut...])]) == Self.sampleParts, "cut at \(cut)")
        }
        #expect(try read(bytes.map { [$0] }) == Self.sampleParts)
    }

    @Test(arguments: [
        ("multipart/form-data; boundary=x", "x"), ("Multipart/Form-Data;boundary=\"x\"", "x"),
        ("multipart/form-data; charset=utf-8; BOUNDARY=x;", "x"), ("multipart/form-data ; boundary = x ; a=b", "x"),
        ("multipart/form-data; boundary=\"a b;c\"", "a b;c"),
        ("multipart/form-data; boundary=----WebKitFormBoundaryz/=?", "----WebKitFormBoundaryz/=?"),
        ("multipart/form-data; boundary=--", "--"),
    ])
    func `the boundary is that of the content type`(type: String, boundary: String) throws {
        let body = "--\(boundary)\r\nContent-Disposition: form-data; name=n\r\n\r\n\(boundary)\r\n--\(boundary)--"
        #expect(try values(body, type) == [Value("n", nil, nil, boundary)])
    }

    @Test(
        arguments: [
            ("application/json", .notFormData), ("multipart/mixed; boundary=x", .notFormData), ("", .notFormData),
            ("multipart/form-data", .badBoundary), ("multipart/form-data; boundary=", .badBoundary),
            ("multipart/form-data; boundary=\"x", .badBoundary), ("multipart/form-data; boundary=\"x \"", .badBoundary),
            ("multipart/form-data; boundary=é", .badBoundary),
            ("multipart/form-data; boundary=x; boundary=y", .badBoundary),
            ("multipart/form-data; boundary=\"x\" y", .badBoundary),
            ("multipart/form-data; boundary=\"\"", .badBoundary),
            ("multipart/form-data; boundary=" + String(repeating: "x", count: 71), .badBoundary),
        ] as [(String, MultipartError)])
    func `another content type is refused`(type: String, error: MultipartError) {
        #expect(throws: error) { try MultipartParser(contentType: type) }
    }

    @Test func `a boundary of 70 characters is read`() throws {
        let boundary = String(repeating: "x", count: 70)
        let type = "multipart/form-data; boundary=\(boundary)"
        #expect(try values("--\(boundary)--", type).isEmpty)
    }

    @Test(
        arguments: [
            ("form-data; name=\"a\"", "a", nil), ("FORM-DATA; Name=a", "a", nil), ("form-data;name=a;", "a", nil),
            ("form-data; name=\"größe\"; filename=\"字.png\"", "größe", "字.png"),
            ("form-data; filename=\"a;b=c.jpg\"; name=\"n\"", "n", "a;b=c.jpg"),
            ("form-data; name=n; filename=\"C:\\photos\\a.jpg\"", "n", "C:\\photos\\a.jpg"),
            ("form-data; name=n; filename=\"a\\\\b\"", "n", "a\\b"),
            ("form-data; name=n; filename=a b.jpg", "n", "a b.jpg"),
            ("form-data; name=n; filename=\"a%22b\"", "n", "a%22b"),
            ("form-data; name=n; filename*=UTF-8''x.jpg", "n", nil),
            ("form-data; name=n; filename=\"a.jpg\"; filename*=UTF-8''x.jpg", "n", "a.jpg"),
        ] as [(String, String, String?)])
    func `a part has the name and the file of its disposition`(value: String, name: String, file: String?) throws {
        #expect(try values(part("Content-Disposition: \(value)")) == [Value(name, file, nil, "x")])
    }

    @Test(
        arguments: [
            ("", .incomplete), ("--AaB03x", .incomplete), ("--AaB03x-", .incomplete), ("--AaB03x\r\n", .incomplete),
            ("--AaB03x\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--AaB03x", .incomplete),
            ("--AaB03x\r\nContent-Disposition: form-data; name=a\r\n\r\nx\n--AaB03x--\r\n", .incomplete),
            (" --AaB03x--", .incomplete), ("--aab03x--", .incomplete),
            ("--AaB03x-x", .malformedDelimiter), ("--AaB03x \rx", .malformedDelimiter),
            ("--AaB03x x\r\n", .malformedDelimiter), ("--AaB03x --", .malformedDelimiter),
            ("--AaB03x\r\nno colon\r\n\r\n", .malformedHeader), ("--AaB03x\r\n: empty\r\n\r\n", .malformedHeader),
            ("--AaB03x\r\nA : b\r\n\r\n", .malformedHeader), ("--AaB03x\r\nA: b\u{0}\r\n\r\n", .malformedHeader),
            ("--AaB03x\r\nA: b\rc\r\n\r\n", .malformedHeader),
            ("--AaB03x\r\nContent-Disposition: form-data;\r\n name=a\r\n\r\n", .malformedHeader),
            ("--AaB03x\r\nContent-Disposition: form-data; name\r\n\r\n", .malformedHeader),
            ("--AaB03x\r\nContent-Disposition: form-data; name=\"a\r\n\r\n", .malformedHeader),
            ("--AaB03x\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\n", .malformedHeader),
            (
                "--AaB03x\r\nContent-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=a\r\n\r\n",
                .malformedHeader
            ),
            ("--AaB03x\r\n\r\nx\r\n--AaB03x--", .missingName),
            ("--AaB03x\r\nContent-Disposition: form-data\r\n\r\n", .missingName),
            ("--AaB03x\r\nContent-Disposition: attachment; name=a\r\n\r\n", .missingName),
            ("--AaB03x\r\nContent-Transfer-Encoding: base64\r\n\r\n", .encodedPart),
        ] as [(String, MultipartError)])
    func `a malformed body is refused`(body: String, error: MultipartError) {
        #expect(throws: error) { try values(body) }
        #expect(throws: error) { try read(body.utf8.map { [$0] }) }
    }

    @Test func `a request with a malformed form is answered 400`() {
        #expect(RequestFailure(MultipartError.incomplete) == .malformed("The form is incomplete"))
    }

    @Test func `encodings that change nothing are read`() throws {
        let headers = "Content-Transfer-Encoding: Binary\r\nContent-Disposition: form-data; name=a"
        #expect(try values(part(headers)) == [Value("a", nil, nil, "x")])
    }

    @Test func `parts and headers have limits`() throws {
        let one = "--AaB03x\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n"
        let full = String(repeating: one, count: 256)
        #expect(try values(full + "--AaB03x--").count == 256)
        #expect(throws: MultipartError.tooManyParts(limit: 256)) { try values(full + one + "--AaB03x--") }
        let disposition = "Content-Disposition: form-data; name=a\r\n"
        let filling = disposition + "A: " + String(repeating: "b", count: 8192 - disposition.utf8.count - 7)
        #expect(try values(part(filling)).count == 1)
        #expect(throws: MultipartError.headersTooLarge(limit: 8192)) { try values(part(filling + "b")) }
        #expect(throws: MultipartError.headersTooLarge(limit: 8192)) {
            try values("--AaB03x\r\n" + String(repeating: "b", count: 10_000))
        }
        #expect(throws: MultipartError.headersTooLarge(limit: 8192)) {
            try values("--AaB03x\r\n" + String(repeating: "A: b\r\n", count: 2000))
        }
    }

    @Test(arguments: ["\r\n--AaB03", "\r\n--AaB03xx", "\r", "\r\n", "\r\n-", "\r\n--AaB03x\u{0}", "--AaB03x"])
    func `ten megabytes of almost-boundaries take less than a second`(piece: String) throws {
        let content = String(repeating: piece, count: 10_000_000 / piece.utf8.count)
        let body = ByteBuffer(string: part("Content-Disposition: form-data; name=a", "x" + content))
        let start = ContinuousClock.now
        let form = try MultipartForm.parse(body, contentType: Self.type)
        #expect(ContinuousClock.now - start < .seconds(1))
        #expect(form.parts.map(\.bytes.readableBytes) == [content.utf8.count + 1])
        #expect(throws: MultipartError.malformedDelimiter) {
            try values("--AaB03x" + String(repeating: " ", count: 10_000_000) + "x")
        }
    }

    @Test(arguments: 0..<40)
    func `random forms are read as they were written`(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        for _ in 0..<50 {
            let boundary = ["b", "--", "-", "x-y", "\(random.next())"].randomElement(using: &random) ?? "b"
            let parts = randomParts(&random, boundary: boundary)
            let body = write(parts, boundary: boundary)
            let type = "multipart/form-data; boundary=\"\(boundary)\""
            let form = try MultipartForm.parse(ByteBuffer(bytes: body), contentType: type)
            #expect(form.parts.map(Value.init) == parts)
            #expect(try read(cut(body, &random), type) == parts)
        }
    }

    @Test(arguments: 0..<40)
    func `broken bytes never crash, and cuts change nothing`(seed: UInt64) {
        var random = SplitMix(seed: seed &+ 1000)
        for _ in 0..<100 {
            var body = write(randomParts(&random, boundary: "AaB03x"), boundary: "AaB03x")
            for _ in 0...Int.random(in: 0..<4, using: &random) {
                let place = Int.random(in: 0..<body.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: body[place] = UInt8.random(in: 0...255, using: &random)
                case 1: body.remove(at: place)
                case 2: body.insert(Array("\r\n-\";=: ".utf8).randomElement(using: &random) ?? 0, at: place)
                default: body.removeSubrange(place...)
                }
                if body.isEmpty { body = [0x2D] }
            }
            let whole = Result { try read([body]) }
            let pieces = Result { try read(cut(body, &random)) }
            switch (whole, pieces) {
            case (.success(let whole), .success(let pieces)): #expect(whole == pieces)
            case (.failure(let whole), .failure(let pieces)): #expect("\(whole)" == "\(pieces)")
            default: Issue.record("differs: \(String(decoding: body, as: UTF8.self))")
            }
        }
    }

    /// The parts of a body that arrives in pieces.
    private func read(_ pieces: [[UInt8]], _ type: String = MultipartTests.type) throws -> [Value] {
        var parser = try MultipartParser(contentType: type)
        var parts: [Value] = []
        var isOpen = false
        for piece in pieces {
            parser.append(ByteBuffer(bytes: piece))
            while let event = try parser.next() {
                switch event {
                case .part(let header):
                    #expect(!isOpen)
                    isOpen = true
                    parts.append(Value(header.name, header.filename, header.contentType, ""))
                case .bytes(let bytes):
                    #expect(isOpen && bytes.readableBytes > 0)
                    parts[parts.count - 1].bytes += Array(buffer: bytes)
                case .partEnd:
                    #expect(isOpen)
                    isOpen = false
                }
            }
        }
        try parser.finish()
        return parts
    }

    private func cut(_ body: [UInt8], _ random: inout SplitMix) -> [[UInt8]] {
        var rest = body[...]
        var pieces: [[UInt8]] = []
        while !rest.isEmpty {
            let count = Int.random(in: 0..<12, using: &random)
            pieces.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return pieces
    }

    private func randomParts(_ random: inout SplitMix, boundary: String) -> [Value] {
        let pieces = ["\r", "\n", "\r\n", "-", "--", "\r\n-", boundary, "--\(boundary)", "a", "\u{0}", "é"]
        let names = ["", "a", "größe", "a b", "x;y=\"z\\", "字"]
        return (0..<Int.random(in: 0..<5, using: &random)).map { _ in
            var content = ""
            // A delimiter in the contents would be the sender's mistake.
            repeat {
                content = (0..<Int.random(in: 0..<20, using: &random)).map { _ in
                    pieces.randomElement(using: &random) ?? ""
                }.joined()
            } while "\r\n\(content)".utf8.contains("\r\n--\(boundary)".utf8)
            return Value(
                names.randomElement(using: &random) ?? "", Bool.random(using: &random) ? "f.jpg" : nil,
                Bool.random(using: &random) ? "image/jpeg" : nil, content)
        }
    }

    private func write(_ parts: [Value], boundary: String) -> [UInt8] {
        var body: [UInt8] = []
        for part in parts {
            body += "--\(boundary)\r\nContent-Disposition: form-data; name=\"".utf8
            for byte in part.name.utf8 {
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { body.append(UInt8(ascii: "\\")) }
                body.append(byte)
            }
            body.append(UInt8(ascii: "\""))
            if let filename = part.filename { body += "; filename=\"\(filename)\"".utf8 }
            if let type = part.contentType { body += "\r\nContent-Type: \(type)".utf8 }
            body += "\r\n\r\n".utf8 + part.bytes + "\r\n".utf8
        }
        return body + "--\(boundary)--\r\n".utf8
    }
}

/// A part with its contents as plain bytes.
private struct Value: Equatable {
    let name: String
    let filename: String?
    let contentType: String?
    var bytes: [UInt8]

    init(_ name: String, _ filename: String?, _ contentType: String?, _ content: String) {
        self.name = name
        self.filename = filename
        self.contentType = contentType
        self.bytes = Array(content.utf8)
    }

    init(_ part: MultipartForm.Part) {
        self.name = part.name
        self.filename = part.filename
        self.contentType = part.contentType
        self.bytes = Array(buffer: part.bytes)
    }
}
