import HTTPSupport
import OpenCVFaceAPI

extension Server {
    /// OpenCV Face Recognition, both APIs.
    func openCV(_ service: DeferredFaceService, keys: DeferredKeys) -> OpenCVFaceAPI {
        OpenCVFaceAPI(
            service: service, keys: keys,
            configuration: OpenCVConfiguration(
                root: settings.openCV.root, scriptedLiveness: settings.openCV.livenessScore,
                maximumBodySize: min(settings.limits.http.maximumBodySize, OpenCVConfiguration().maximumBodySize)))
    }
}
