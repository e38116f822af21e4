public import FaceModel
import Foundation

extension HeadPose {
    /// The pose that explains five landmarks best under a scaled orthographic camera.
    ///
    /// A rigid model of the five points is fitted by least squares as in POS (DeMenthon and Davis, "Model-Based Object
    /// Pose in 25 Lines of Code", 1995): the two rows of the camera matrix are solved for, their directions are the
    /// first two rows of the rotation. Five points of a moving face make this an estimate of about ten degrees.
    public init(landmarks: Landmarks) {
        let eyes = (landmarks.rightEye, landmarks.leftEye)
        let roll = atan2(eyes.1.y - eyes.0.y, eyes.1.x - eyes.0.x)
        let (sine, cosine) = (sin(-roll), cos(-roll))
        let points = landmarks.points
        var xs: [5 of Float] = .init(repeating: 0)
        var ys: [5 of Float] = .init(repeating: 0)
        for index in points.indices {
            xs[index] = points[index].x * cosine - points[index].y * sine
            ys[index] = points[index].x * sine + points[index].y * cosine
        }
        let first = FaceShape.solve(xs)
        let second = FaceShape.solve(ys)
        // The model's forward axis in the picture: where the nose points.
        let forward = (x: first.z / max(first.length, 1e-6), y: second.z / max(second.length, 1e-6))
        let degrees = 180 / Float.pi
        self.init(
            yaw: asin(min(1, max(-1, forward.x))) * degrees,
            pitch: asin(min(1, max(-1, -forward.y))) * degrees,
            roll: roll * degrees)
    }
}

/// A mean face: the five landmarks in units of half the distance between the eyes, x to the right of the picture, y
/// down, z towards the camera, the origin at the centre of the points.
private enum FaceShape {
    struct Vector {
        var x: Float
        var y: Float
        var z: Float

        var length: Float { (x * x + y * y + z * z).squareRoot() }
    }

    // Proportions of an adult head: eye centres 63 mm apart, nose tip 35 mm below and 30 mm before the eyes, corners of
    // the mouth 50 mm apart, 68 mm below and 6 mm before the eyes (means of anthropometric tables).
    static let points: [5 of Vector] = centred([
        Vector(x: -1, y: 0, z: 0), Vector(x: 1, y: 0, z: 0), Vector(x: 0, y: 1.11, z: 0.95),
        Vector(x: -0.79, y: 2.16, z: 0.19), Vector(x: 0.79, y: 2.16, z: 0.19),
    ])

    /// The camera row m that minimises Σ(mᵀXᵢ − vᵢ)² for centred values v.
    static func solve(_ values: [5 of Float]) -> Vector {
        var mean: Float = 0
        for index in values.indices { mean += values[index] / 5 }
        // x is independent of y and z in a symmetric model, so one division and one 2×2 system remain.
        var (xx, yy, yz, zz): (Float, Float, Float, Float) = (0, 0, 0, 0)
        var (xv, yv, zv): (Float, Float, Float) = (0, 0, 0)
        for index in values.indices {
            let (point, value) = (points[index], values[index] - mean)
            xx += point.x * point.x
            yy += point.y * point.y
            yz += point.y * point.z
            zz += point.z * point.z
            xv += point.x * value
            yv += point.y * value
            zv += point.z * value
        }
        let determinant = yy * zz - yz * yz
        return Vector(
            x: xv / xx, y: (yv * zz - zv * yz) / determinant, z: (zv * yy - yv * yz) / determinant)
    }

    private static func centred(_ points: [5 of Vector]) -> [5 of Vector] {
        var mean = Vector(x: 0, y: 0, z: 0)
        for index in points.indices {
            mean.x += points[index].x / 5
            mean.y += points[index].y / 5
            mean.z += points[index].z / 5
        }
        return [5 of Vector] { index in
            Vector(x: points[index].x - mean.x, y: points[index].y - mean.y, z: points[index].z - mean.z)
        }
    }
}
