internal import ConvoEngine
public import ConvoTensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A series as a way across a chart, in runs between values that cannot be drawn.
public struct Curve: Sendable {
  /// A place on a chart: 0 at the left and at the bottom, 1 at the right and at the top.
  public struct Point: Sendable, Equatable {
    /// From the left.
    public var x: Double
    /// From below.
    public var y: Double
  }

  /// The runs of points that are joined.
  public let runs: [[Point]]

  /// The way of a series.
  ///
  /// Of many values in a row those are kept that joined lines on a chart of `columns` columns show: in each column the
  /// first, the least, the largest and the last. Points that are not joined are all kept.
  /// - Source: Jugel et al., "M4: A Visualization-Oriented Time Series Data Aggregation", VLDB 2014.
  public init(
    _ values: Tensor, x: Tensor?, _ xAxis: ChartAxis, _ yAxis: ChartAxis, columns: Int, isJoined: Bool
  ) {
    var runs: [[Point]] = []
    var run: [Point] = []
    var column = Column()
    let count = min(values.count, x?.count ?? values.count)
    let thins = isJoined && count > 4 * columns
    for index in 0..<count {
      // After Ctrl-C nobody waits for the rest.
      if index % (1 << 20) == 0, Cancellation.isRequested { break }
      let place = x.map { Double($0.element(index)) } ?? Double(index)
      guard let left = xAxis.position(place), let bottom = yAxis.position(Double(values.element(index)))
      else {
        run += column.points
        column = Column()
        if !run.isEmpty { runs.append(run) }
        run = []
        continue
      }
      let point = Point(x: left, y: bottom)
      if !thins {
        run.append(point)
        continue
      }
      let number = Int((left * Double(columns)).rounded(.down))
      if number != column.number {
        run += column.points
        column = Column()
        column.number = number
      }
      column.add(point)
    }
    run += column.points
    if !run.isEmpty { runs.append(run) }
    self.runs = runs
  }

  /// What is kept of the points in one column.
  private struct Column {
    var number: Int?
    private var first, last, lowest, highest: Point?
    private var lowestComesFirst = true

    mutating func add(_ point: Point) {
      if first == nil { (first, lowest, highest) = (point, point, point) }
      last = point
      if let lowest, point.y < lowest.y {
        self.lowest = point
        lowestComesFirst = false
      }
      if let highest, point.y > highest.y {
        self.highest = point
        lowestComesFirst = true
      }
    }

    var points: [Point] {
      let all = lowestComesFirst ? [first, lowest, highest, last] : [first, highest, lowest, last]
      var result: [Point] = []
      for case let point? in all where result.last != point { result.append(point) }
      return result
    }
  }
}

extension Tensor {
  /// An element by its position in row-major order.
  func element(_ index: Int) -> Float { unsafe withUnsafeFloats { unsafe $0[index] } }
}
