import FaceModel
import FaceStore
import Foundation

/// Decides what the faces of one frame change: which of them open a pass, which improve one that goes on, who is
/// counted and what is told.
struct FrameDraft {
    private(set) var tracks: [PassTracker.Track]
    private(set) var record = FrameRecord()
    private(set) var results: [RecordedFace] = []
    private let model: ModelID
    private let ids: IDSource
    private let settings: RecognitionSettings
    private let isSame: (Double) -> Bool
    /// A person is only once in a frame, so two faces never continue the same track.
    private var continued: Set<Int> = []

    /// - Parameter tracks: the faces that are in view already.
    init(
        tracks: [PassTracker.Track], model: ModelID, ids: IDSource, settings: RecognitionSettings,
        isSame: @escaping (Double) -> Bool
    ) {
        self.tracks = tracks
        self.model = model
        self.ids = ids
        self.settings = settings
        self.isSame = isSame
    }

    /// Takes a face, as the pass that it would be if nobody were in view.
    mutating func add(_ pass: Pass, picture: [UInt8]) {
        if let index = tracks.index(continuedBy: pass.embedding, except: continued, isSame: isSame) {
            continued.insert(index)
            go(on: index, with: pass, picture: picture)
        } else {
            open(pass, picture: picture)
        }
    }

    private mutating func open(_ pass: Pass, picture: [UInt8]) {
        record.passes.append(PassRecord(pass: pass, picture: picture, model: model))
        var track = PassTracker.Track(pass: pass, lastEmbedding: pass.embedding, lastSeenAt: pass.capturedAt)
        let events = tell(of: pass, on: &track)
        continued.insert(tracks.count)
        tracks.append(track)
        results.append(RecordedFace(pass: pass, isNew: true, events: events))
    }

    /// A face that is still in view: only a better picture, or a face that is recognised at last, changes the row.
    private mutating func go(on index: Int, with seen: Pass, picture: [UInt8]) {
        var track = tracks[index]
        track.lastEmbedding = seen.embedding
        track.lastSeenAt = max(track.lastSeenAt, seen.capturedAt)
        var events: [PlatformEvent] = []
        let isRecognisedNow = track.pass.hits.isEmpty && !seen.hits.isEmpty
        if seen.quality > track.pass.quality || isRecognisedNow {
            let first = track.pass
            let better = Pass(
                id: first.id, cameraID: first.cameraID, cameraName: first.cameraName, capturedAt: first.capturedAt,
                attributes: seen.attributes ?? first.attributes, quality: seen.quality, embedding: seen.embedding,
                model: seen.model,
                // Who was recognised once is not forgotten over a sharper frame in which nobody is.
                hits: seen.hits.isEmpty ? first.hits : seen.hits)
            track.pass = better
            record.improvements.append(PassRecord(pass: better, picture: picture, model: model))
            events = tell(of: better, on: &track)
        }
        tracks[index] = track
        results.append(RecordedFace(pass: track.pass, isNew: false, events: events))
    }

    /// Counts the person of a pass and raises its events, once for each person of a track.
    private mutating func tell(of pass: Pass, on track: inout PassTracker.Track) -> [PlatformEvent] {
        if let person = pass.hits.first?.personID {
            guard track.countedPersons.insert(person).inserted else { return [] }
            record.tallies.append(RecognitionTally(person: person, count: 1, latest: pass.capturedAt))
        } else {
            guard !track.wasReportedUnknown, track.countedPersons.isEmpty else { return [] }
            track.wasReportedUnknown = true
        }
        let events = PlatformEvent.events(of: pass, isForAccess: settings.raisesAccessEvents, ids: ids)
        record.events += events
        return events
    }
}
