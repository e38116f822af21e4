import FaceModel
import Imaging
import TestKit
import Testing

struct SimilarityTransformTests {
    let template = Landmarks(
        rightEye: Point(x: 38.2946, y: 51.6963), leftEye: Point(x: 73.5318, y: 51.5014),
        noseTip: Point(x: 56.0252, y: 71.7366), rightMouthCorner: Point(x: 41.5493, y: 92.3655),
        leftMouthCorner: Point(x: 70.7299, y: 92.2041)
    ).points

    @Test(arguments: [(1, 0, 0, 0), (0.5, 0, 10, -4), (0, 2, 300, 40), (-0.3, 0.4, 0, 9)])
    func `a transform is found again from five points`(a: Double, b: Double, tx: Double, ty: Double) throws {
        let wanted = SimilarityTransform(a: a, b: b, tx: tx, ty: ty)
        var moved = template
        for index in moved.indices { moved[index] = wanted.apply(moved[index]) }
        let found = try #require(SimilarityTransform(mapping: template, onto: moved))
        #expect(abs(found.a - a) < 1e-5 && abs(found.b - b) < 1e-5)
        #expect(abs(found.tx - tx) < 1e-3 && abs(found.ty - ty) < 1e-3)
    }

    @Test func `the fit of scattered points cannot be bettered by a nudge`() throws {
        var random = SplitMix(seed: 9)
        var scattered = template
        for index in scattered.indices {
            scattered[index].x = 3 * scattered[index].x + Float.random(in: -8...8, using: &random)
            scattered[index].y = 3 * scattered[index].y + Float.random(in: -8...8, using: &random)
        }
        let best = try #require(SimilarityTransform(mapping: scattered, onto: template))
        func error(_ transform: SimilarityTransform) -> Double {
            template.indices.reduce(0) { sum, index in
                let distance = Double(transform.apply(scattered[index]).distance(to: template[index]))
                return sum + distance * distance
            }
        }
        let least = error(best)
        #expect(least > 0.1)
        for (da, db, dx, dy) in [(0.01, 0, 0, 0), (0, 0.01, 0, 0), (0, 0, 0.3, 0), (0, 0, 0, 0.3)] {
            for sign in [-1.0, 1] {
                let nudged = SimilarityTransform(
                    a: best.a + sign * da, b: best.b + sign * db, tx: best.tx + sign * dx, ty: best.ty + sign * dy)
                #expect(error(nudged) > least)
            }
        }
    }

    @Test func `the inverse leads back`() {
        let transform = SimilarityTransform(a: 0.3, b: -0.7, tx: 120, ty: -33)
        let point = Point(x: 12.5, y: 801)
        #expect(transform.inverse.apply(transform.apply(point)).distance(to: point) < 1e-3)
        #expect(abs(transform.scale * transform.inverse.scale - 1) < 1e-12)
        #expect(abs(transform.rotation + transform.inverse.rotation) < 1e-12)
    }

    @Test func `a quarter turn is clockwise on the screen`() {
        let transform = SimilarityTransform(a: 0, b: 2, tx: 0, ty: 0)
        #expect(abs(transform.rotation - .pi / 2) < 1e-12)
        #expect(transform.scale == 2)
        #expect(transform.apply(Point(x: 1, y: 0)) == Point(x: 0, y: 2))
    }

    @Test func `points that coincide, or are nowhere, have no transform`() {
        let same = [5 of Point](repeating: Point(x: 5, y: 5))
        #expect(SimilarityTransform(mapping: same, onto: template) == nil)
        #expect(SimilarityTransform(mapping: template, onto: same) == nil)
        var broken = template
        broken[2].x = .nan
        #expect(SimilarityTransform(mapping: broken, onto: template) == nil)
        broken[2].x = .infinity
        #expect(SimilarityTransform(mapping: template, onto: broken) == nil)
    }
}
