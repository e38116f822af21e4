import FaceStore
import Postgres

/// The tables that the use cases work on.
struct Repositories: Sendable {
    let persons: PersonRepository
    let faces: FaceRepository
    let images: ImageRepository
    let thumbnails: ThumbnailRepository
    let models: ModelRepository
    let recognitions: RecognitionCounter
    let cameras: CameraRepository
    let passes: PassRepository
    let events: EventRepository
    let settings: SettingsRepository
    let snapshots: SnapshotRepository
    let lists: PersonListRepository
    let sources: SourceRepository
    let listedPersons: ListedPersonRepository
    let actions: ActionRepository
    let secrets: SecretRepository
    let collections: CollectionRepository
    let profiles: ProfileRepository
    let namedCollections: NamedCollectionRepository

    init(_ pool: PostgresPool) {
        persons = PersonRepository(pool)
        faces = FaceRepository(pool)
        images = ImageRepository(pool)
        thumbnails = ThumbnailRepository(pool)
        models = ModelRepository(pool)
        recognitions = RecognitionCounter(pool)
        cameras = CameraRepository(pool)
        passes = PassRepository(pool)
        events = EventRepository(pool)
        settings = SettingsRepository(pool)
        snapshots = SnapshotRepository(pool)
        lists = PersonListRepository(pool)
        sources = SourceRepository(pool)
        listedPersons = ListedPersonRepository(pool)
        actions = ActionRepository(pool)
        secrets = SecretRepository(pool)
        collections = CollectionRepository(pool)
        profiles = ProfileRepository(pool)
        namedCollections = NamedCollectionRepository(pool)
    }
}
