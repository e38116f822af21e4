import HTTPSupport
import Testing

struct NumberTests {
    @Test func `every number has a nearest whole one`() {
        #expect(2.5.nearestInteger == 3 && (-2.5).nearestInteger == -3 && Float(-0.4).nearestInteger == 0)
        #expect(Double(Int.min).nearestInteger == .min && 0x1p53.nearestInteger == 1 << 53)
        for number in [Double.nan, .infinity, -.infinity, 1e308, -1e308, 9_223_372_036_854_775_808] {
            #expect(number.nearestInteger == 0 && Float(number).nearestInteger == 0)
        }
        #expect(Float.greatestFiniteMagnitude.nearestInteger == 0)
    }
}
