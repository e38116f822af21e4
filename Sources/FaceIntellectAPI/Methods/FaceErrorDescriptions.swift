import HTTPSupport

extension FaceIntellectAPI {
    /// FaceErrorDescriptions: the code and text of every error, nothing around them.
    ///
    /// It needs no database, so it is answered while the server is still loading.
    func faceErrorDescriptions() -> JSONWriter {
        var writer = JSONWriter()
        writer.object { object in
            for code in ErrorCode.allCases {
                object.key(text: code.rawValue)
                object.value("\(code.text)")
            }
        }
        return writer
    }
}
