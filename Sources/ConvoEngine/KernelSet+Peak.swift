internal import CKernels

extension KernelSet {
  /// Keeps the multiply-add units of one core busy and returns the floating-point operations that took.
  ///
  /// Divided by the time it takes, that is the speed that no algorithm can pass. The clock of a CPU goes up and down by a
  /// tenth: what is compared with it should be measured right beside it.
  public func runPeak(rounds: Int) -> Double {
    let rounds = (rounds + 3) / 4 * 4
    let sum = table.pointee.peak.run(rounds, 1)
    // The sum is never NaN; asking keeps the loop from being thought useless.
    return sum.isNaN ? 0 : 2 * Double(rounds) * Double(table.pointee.peak.chains) * Double(lanes)
  }
}
